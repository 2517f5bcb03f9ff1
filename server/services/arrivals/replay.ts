import type { z } from "zod";
import { jsonObjectSchema } from "@/flow/json-schema";
import type { TriggerEvent } from "@/prisma/generated/client";
import { db } from "@/server/db";
import type { StartedExecution } from "@/server/execution/engine";
import { getEngine } from "@/server/execution/get-engine";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";
import { adoptFiles } from "@/server/execution/payloads";
import { sql } from "@/server/sql";
import { modeOfArrival, originalKey } from "@/server/triggers/held-arrivals";
import { recordAudit } from "../audit/record";
import { authorize, type Caller } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { jsonColumn } from "../executions/read";
import { startExecution } from "../executions/start";
import { assertRunnable } from "../flows/check-graph";
import { findFlow, storedGraph } from "../flows/find";
import { parse } from "../parse";
import { arrivalIdSchema, arrivalItems, findArrival } from "./get";

/**
 * Starts what a kept arrival would have started, on the version that is published now, once: a second replay is answered with
 * the first one's execution. A test arrival runs the draft instead, as often as one likes.
 * @throws ServiceError `conflict` when there is no version to run it on, or that one has no such trigger any more
 */
export async function replayArrival({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof arrivalIdSchema>;
}): Promise<StartedExecution> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(arrivalIdSchema, input);
  const arrival = await findArrival(caller.organizationId, id);
  if (arrival.replayedAs !== null) return { executionId: arrival.replayedAs, duplicate: true };
  const trigger = await db().trigger.findFirst({ where: { id: arrival.triggerId ?? "", organizationId: caller.organizationId } });
  if (!trigger) throw new ServiceError("conflict", "The trigger that this came to does not exist any more. Discard it.");
  const items = await arrivalItems(arrival);
  if (!items) throw new ServiceError("conflict", "What this arrival brought is not there any more.");
  if (arrival.heldFor === "test") {
    return startExecution({ ctx, input: { flowId: arrival.flowId, triggerNodeId: trigger.nodeId, items } });
  }

  const flow = await findFlow(db(), caller.organizationId, arrival.flowId);
  if (flow.publishedVersion === null) throw new ServiceError("conflict", `"${flow.name}" has no published version. Publish it first.`);
  const version = await db().flowVersion.findUniqueOrThrow({
    where: { flowId_version: { flowId: flow.id, version: flow.publishedVersion } },
  });
  const graph = storedGraph(version.graph);
  const node = graph.nodes.find((each) => each.id === trigger.nodeId);
  if (!node || node.disabled) {
    throw new ServiceError("conflict", `The published version of "${flow.name}" does not have the trigger that this came to.`);
  }
  assertRunnable(graph);
  const engine = await getEngine();
  const started = await engine.start({
    id: newExecutionId(),
    organizationId: caller.organizationId,
    flowId: flow.id,
    flowName: flow.name,
    flowVersion: flow.publishedVersion,
    graph,
    mode: modeOfArrival(arrival.type),
    triggerNodeId: trigger.nodeId,
    items,
    variables: jsonColumn(jsonObjectSchema, arrival.variables) ?? {},
    createdById: caller.userId,
    retryOfId: null,
    // The sender's own name of the delivery, so that it starts nothing again when it comes once more.
    event: {
      id: newTriggerEventId(),
      // A call of the API, however it is made, has the flow's own keys.
      triggerId: arrival.type === "api" ? null : trigger.id,
      type: arrival.type,
      dedupeKey: originalKey(arrival.dedupeKey) ?? `replay:${id}`,
    },
  });
  await adoptFiles(sql(), { organizationId: caller.organizationId, executionId: started.executionId }, items);
  await noteReplay(caller, arrival, started.executionId);
  return started;
}

/** Its execution has what it brought from now on. */
async function noteReplay(caller: Caller, { id, inputPayloadId }: TriggerEvent, executionId: string): Promise<void> {
  await db().$transaction(async (tx) => {
    const { count } = await tx.triggerEvent.updateMany({
      where: { id, replayedAs: null },
      data: { replayedAs: executionId, input: null, inputPayloadId: null },
    });
    if (count === 0) return;
    if (inputPayloadId !== null) await tx.payload.deleteMany({ where: { id: inputPayloadId, organizationId: caller.organizationId } });
    await recordAudit(tx, caller, { action: "arrival.replay", target: `arrival:${id}`, data: { executionId } });
  });
}
