import { z } from "zod";
import { executionStatusSchema, isTerminal } from "@/flow/execution/status";
import { jsonObjectSchema } from "@/flow/json-schema";
import { db } from "@/server/db";
import type { StartedExecution } from "@/server/execution/engine";
import { getEngine } from "@/server/execution/get-engine";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { frozenGraph } from "./graph";
import { readPayloadText, storedItemsSchema } from "./payloads";
import { jsonColumn } from "./read";

export const retryExecutionSchema = z.object({
  id: idSchema,
  /** A second call with the same key starts nothing and answers with the first one's execution. */
  idempotencyKey: idSchema.optional(),
});

/**
 * Starts an execution anew as it was: the same graph, the same input, the same variables.
 * @throws ServiceError `conflict` while it is still under way.
 */
export async function retryExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof retryExecutionSchema>;
}): Promise<StartedExecution> {
  const caller = authorize(ctx, "editor");
  const { id, idempotencyKey } = parse(retryExecutionSchema, input);
  const execution = await db().execution.findFirst({ where: { id, organizationId: caller.organizationId } });
  if (!execution) throw notFound("Execution");
  const flow = await db().flow.findFirst({ where: { id: execution.flowId, deletedAt: null }, select: { name: true } });
  if (!flow) throw new ServiceError("conflict", "The flow of this execution was deleted. Restore it to run it again.");
  if (!isTerminal(executionStatusSchema.parse(execution.status))) {
    throw new ServiceError("conflict", `The execution is still ${execution.status}. Wait for its end, or cancel it first.`);
  }
  const items = await readPayloadText(execution.input, execution.inputPayloadId);
  const engine = await getEngine();
  const started = await engine.start({
    id: newExecutionId(),
    organizationId: caller.organizationId,
    flowId: execution.flowId,
    flowName: flow.name,
    flowVersion: execution.flowVersion,
    graph: await frozenGraph(execution),
    mode: "retry",
    triggerNodeId: execution.triggerNodeId,
    items: jsonColumn(storedItemsSchema, items) ?? [{ json: {} }],
    variables: jsonColumn(jsonObjectSchema, execution.variables) ?? {},
    createdById: caller.userId,
    retryOfId: id,
    event: { id: newTriggerEventId(), triggerId: null, type: "retry", dedupeKey: idempotencyKey ? `retry:${id}:${idempotencyKey}` : null },
  });
  if (!started.duplicate) {
    await recordAudit(db(), caller, { action: "execution.retry", target: `execution:${id}`, data: { executionId: started.executionId } });
  }
  return started;
}
