import type { z } from "zod";
import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import { db } from "@/server/db";
import { getEngine } from "@/server/execution/get-engine";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { findHead } from "./read";
import { executionIdSchema } from "./snapshot";

/**
 * Asks an execution to stop: no new attempt starts, a running one is told to give up.
 * @throws ServiceError `conflict` when it has ended already.
 */
export async function cancelExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<{ id: string; cancelled: true }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(executionIdSchema, input);
  const head = await findHead(caller.organizationId, id);
  const engine = await getEngine();
  if (isTerminal(head.status) || !(await engine.cancel(id))) {
    const { status } = await findHead(caller.organizationId, id);
    throw new ServiceError("conflict", `The execution has already ended (${status}); there is nothing to cancel.`);
  }
  await recordAudit(db(), caller, { action: "execution.cancel", target: `execution:${id}` });
  return { id, cancelled: true };
}

/**
 * Asks an execution to pause: steps under way end and are recorded, no other one starts. It is `paused` once that is so.
 * @throws ServiceError `conflict` when it has ended already.
 */
export async function pauseExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<{ id: string; status: ExecutionStatus }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(executionIdSchema, input);
  const before = await findHead(caller.organizationId, id);
  const engine = await getEngine();
  if (isTerminal(before.status) || !(await engine.pause(id))) {
    const { status } = await findHead(caller.organizationId, id);
    throw new ServiceError("conflict", `The execution has already ended (${status}); there is nothing to pause.`);
  }
  await recordAudit(db(), caller, { action: "execution.pause", target: `execution:${id}` });
  return { id, status: (await findHead(caller.organizationId, id)).status };
}

/**
 * Lets a paused execution go on, and takes a pause back that has not come about yet.
 * @throws ServiceError `conflict` when it is neither paused nor about to be.
 */
export async function continueExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<{ id: string; status: ExecutionStatus }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(executionIdSchema, input);
  await findHead(caller.organizationId, id);
  const engine = await getEngine();
  if (!(await engine.resume(id))) {
    const { status } = await findHead(caller.organizationId, id);
    throw new ServiceError("conflict", `The execution is not paused (${status}); there is nothing to resume.`);
  }
  await recordAudit(db(), caller, { action: "execution.continue", target: `execution:${id}` });
  return { id, status: (await findHead(caller.organizationId, id)).status };
}
