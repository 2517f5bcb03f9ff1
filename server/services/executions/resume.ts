import { z } from "zod";
import { isTerminal } from "@/flow/execution/status";
import type { Json } from "@/flow/item";
import { db } from "@/server/db";
import { getEngine } from "@/server/execution/get-engine";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse, text } from "../parse";
import { findHead } from "./read";
import { resumeCorrelation, waitingSteps } from "./waiting";

export const resumeExecutionSchema = z.object({
  id: idSchema,
  /** Key of the waiting step. */
  key: idSchema,
  approved: z.boolean(),
  comment: text(2000).default(""),
});

/**
 * Decides on a step that waits for an approval.
 * @throws ServiceError `conflict` when the step does not wait (any more).
 */
export async function resumeExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof resumeExecutionSchema>;
}): Promise<{ id: string; key: string }> {
  const caller = authorize(ctx, "editor");
  const { id, key, approved, comment } = parse(resumeExecutionSchema, input);
  const head = await findHead(caller.organizationId, id);
  const step = isTerminal(head.status) ? undefined : (await waitingSteps(id)).find((each) => each.key === key);
  if (step?.suspend.form !== "approval") throw notWaiting();
  const by =
    caller.userId === null ? null : await db().user.findUnique({ where: { id: caller.userId }, select: { name: true, email: true } });
  const payload: Json = { approved, comment, by: by?.name ?? by?.email ?? caller.name, at: new Date().toISOString() };
  await deliver({ organizationId: caller.organizationId, executionId: id, key, payload });
  await recordAudit(db(), caller, { action: "execution.resume", target: `execution:${id}`, data: { key, approved } });
  return { id, key };
}

/** Hands a payload to a waiting step, once. */
export async function deliver(answer: { organizationId: string; executionId: string; key: string; payload: Json }): Promise<void> {
  const engine = await getEngine();
  const { organizationId, executionId, key, payload } = answer;
  const taken = await engine.signal({
    organizationId,
    executionId,
    event: "resume",
    correlation: resumeCorrelation(executionId, key),
    payload,
  });
  if (!taken) throw notWaiting();
}

const notWaiting = (): ServiceError =>
  new ServiceError(
    "conflict",
    "This step is not waiting for a decision (any more): it was decided already, its time ran out, or the execution ended.",
  );
