import { z } from "zod";
import { isTerminal } from "@/flow/execution/status";
import { FLOWS_ENDED, flowsCorrelation, flowsWaitKey } from "@/flow/interpreter/host";
import { db } from "@/server/db";
import { getEngine } from "@/server/execution/get-engine";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { itemsSchema } from "./items";
import { findHead } from "./read";
import { executionIdSchema } from "./snapshot";

/** A write whose end nobody saw: somebody has to say what became of it. */
export interface Decision {
  executionId: string;
  key: string;
  nodeId: string;
  attempt: number;
  reason: string;
  /** Since when the answer is awaited; ISO 8601. */
  at: string;
}

/** What an execution needs decisions about, oldest first. */
export async function pendingDecisions({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<Decision[]> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(executionIdSchema, input);
  const head = await findHead(organizationId, id);
  if (isTerminal(head.status)) return [];
  const rows = await db().executionDecision.findMany({
    where: { executionId: id, organizationId, state: "asked" },
    orderBy: { at: "asc" },
  });
  return rows.map(({ executionId, key, nodeId, attempt, reason, at }) => ({
    executionId,
    key,
    nodeId,
    attempt,
    reason: reason ?? "Its end is not known",
    at: at.toISOString(),
  }));
}

export const decideSchema = executionIdSchema.extend({
  /** Of the step. */
  key: idSchema,
  /** `done`: it was; the step gives `items`. `again`: it is run once more. `failed`: the step fails. */
  decision: z.enum(["done", "again", "failed"]),
  items: itemsSchema.optional(),
});

/**
 * Says what became of a write whose end nobody saw; its execution goes on.
 * @throws ServiceError `conflict` when nothing is asked about the step (any more).
 */
export async function decide({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof decideSchema>;
}): Promise<{ id: string; key: string }> {
  const caller = authorize(ctx, "editor");
  const { id, key, decision, items = [{ json: {} }] } = parse(decideSchema, input);
  const head = await findHead(caller.organizationId, id);
  const asked = { executionId: id, organizationId: caller.organizationId, key };
  const row = await db().executionDecision.findFirst({ where: asked, orderBy: { attempt: "desc" } });
  // The same answer once more passes the word on again, should it have been lost between the two writes.
  if (isTerminal(head.status) || !row || (row.state !== "asked" && row.state !== decision)) throw notAsked();
  if (row.state === "asked") {
    const by =
      caller.userId === null ? null : await db().user.findUnique({ where: { id: caller.userId }, select: { name: true, email: true } });
    const { count } = await db().executionDecision.updateMany({
      where: { ...asked, attempt: row.attempt, state: "asked", asked: row.asked },
      data: {
        state: decision,
        output: decision === "done" ? JSON.stringify(items) : null,
        decidedBy: by?.name ?? by?.email ?? caller.name,
      },
    });
    if (count === 0) throw notAsked();
  }
  const engine = await getEngine();
  await engine.signal({
    organizationId: caller.organizationId,
    executionId: id,
    event: FLOWS_ENDED,
    correlation: flowsCorrelation(id, flowsWaitKey(key, { attempt: row.attempt, started: -row.asked })),
    payload: true,
  });
  await recordAudit(db(), caller, { action: "execution.decide", target: `execution:${id}`, data: { key, decision } });
  return { id, key };
}

const notAsked = (): ServiceError =>
  new ServiceError("conflict", "Nothing has to be decided about this step (any more): somebody was quicker, or the execution ended.");
