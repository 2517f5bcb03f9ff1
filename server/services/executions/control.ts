import type { z } from "zod";
import { isTerminal } from "@/flow/execution/status";
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
