import { z } from "zod";
import { executionStatusSchema, isTerminal } from "@/flow/execution/status";
import type { FrozenGraph } from "@/flow/graph/schema";
import { indexGraph } from "@/flow/graph/traverse";
import type { EarlierRun } from "@/flow/interpreter/earlier-run";
import { type PreparedGraph, prepareGraph } from "@/flow/interpreter/prepare";
import type { Execution, Flow } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { readEarlierRun } from "@/server/execution/resumption";
import { sql } from "@/server/sql";
import { notFound, ServiceError } from "../errors";
import { assertRunnable } from "../flows/check-graph";
import { storedGraph } from "../flows/find";
import { registry } from "../registry";
import { frozenGraph } from "./graph";
import { withoutPins } from "./start";

/** The draft as it is now, a published version, or the graph that the execution ran. */
export const resumptionTargetSchema = z.union([z.literal("draft"), z.literal("same"), z.number().int().positive()]);
export type ResumptionTarget = z.infer<typeof resumptionTargetSchema>;

/** An ended execution and the graph that it is to go on with. */
export interface ResumptionCase {
  execution: Execution;
  flow: Flow;
  /** Null where the graph is no published version. */
  flowVersion: number | null;
  graph: FrozenGraph;
  prepared: PreparedGraph;
  earlier: EarlierRun;
  usesPins: boolean;
}

/** @throws ServiceError `not_found`; `conflict` while it is under way, its flow is deleted, or it can't go on with that graph. */
export async function resumptionCase(organizationId: string, id: string, target: ResumptionTarget): Promise<ResumptionCase> {
  const execution = await db().execution.findFirst({ where: { id, organizationId } });
  if (!execution) throw notFound("Execution");
  const flow = await db().flow.findFirst({ where: { id: execution.flowId, organizationId, deletedAt: null } });
  if (!flow) throw new ServiceError("conflict", "The flow of this execution was deleted. Restore it to go on with it.");
  if (!isTerminal(executionStatusSchema.parse(execution.status))) {
    throw new ServiceError("conflict", `The execution is still ${execution.status}. Wait for its end, or cancel it first.`);
  }
  const usesPins = execution.flowVersion === null && execution.mode !== "api";
  const { flowVersion, graph: whole } = await targetGraph(execution, flow, target);
  const then = await frozenGraph(execution);
  const destination = then.partial?.destination;
  const graph: FrozenGraph = {
    ...(usesPins ? whole : withoutPins(whole)),
    ...(destination !== undefined && { partial: { destination } }),
  };
  const nameOf = (nodeId: string) => then.nodes.find((node) => node.id === nodeId)?.name ?? nodeId;
  for (const nodeId of [execution.triggerNodeId, ...(destination === undefined ? [] : [destination])]) {
    if (graph.nodes.some((node) => node.id === nodeId)) continue;
    throw new ServiceError(
      "conflict",
      `The node "${nameOf(nodeId)}", where this execution began, is not in the flow any more. Retry it as it was.`,
    );
  }
  const index = indexGraph(graph);
  assertRunnable(graph, (nodeId) => nodeId === execution.triggerNodeId || index.reaches(execution.triggerNodeId, nodeId));
  const prepared = prepareGraph(graph, registry);
  const earlier = await readEarlierRun(sql(), registry, { organizationId, executionId: id, now: prepared });
  if (!earlier) throw new ServiceError("conflict", "What this execution ran is not kept any more.");
  return { execution, flow, flowVersion, graph, prepared, earlier, usesPins };
}

async function targetGraph(
  execution: Execution,
  flow: Flow,
  target: ResumptionTarget,
): Promise<{ flowVersion: number | null; graph: FrozenGraph }> {
  if (target === "draft") return { flowVersion: null, graph: storedGraph(flow.draft) };
  if (target === "same") {
    const { partial: _, ...graph } = await frozenGraph(execution);
    return { flowVersion: execution.flowVersion, graph };
  }
  const version = await db().flowVersion.findUnique({ where: { flowId_version: { flowId: flow.id, version: target } } });
  if (!version) throw notFound("Version");
  return { flowVersion: target, graph: storedGraph(version.graph) };
}
