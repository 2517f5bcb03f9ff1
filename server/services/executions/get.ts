import type { z } from "zod";
import type { ExecutionHead } from "@/flow/execution/events";
import { type VisitView, viewOf } from "@/flow/execution/reduce";
import type { Item, JsonObject } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import type { CustomValues } from "@/flow/node/custom-data";
import { db } from "@/server/db";
import { readCustomData } from "@/server/execution/custom-data";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import { frozenGraph } from "./graph";
import { readPayloadText, storedItemsSchema } from "./payloads";
import { jsonColumn, recordsAfter, toHead } from "./read";
import { executionIdSchema } from "./snapshot";

export interface ExecutionDetail extends ExecutionHead {
  flowName: string;
  retryOfId: string | null;
  variables: JsonObject;
  /** What it says of itself, by name. */
  customData: CustomValues;
  /** Items that the trigger gave. */
  input: Item[];
  /** Visits in the order in which they began; inputs and outputs are asked for one by one. */
  steps: (Omit<VisitView, "wakeAt"> & { nodeName: string })[];
}

/** One execution as a whole, for callers that do not follow it live. */
export async function getExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<ExecutionDetail> {
  const caller = authorize(ctx, "viewer");
  const { id } = parse(executionIdSchema, input);
  const row = await db().execution.findFirst({ where: { id, organizationId: caller.organizationId } });
  if (!row) throw notFound("Execution");
  const head = toHead(row);
  const [steps, graph, flow, items, customData] = await Promise.all([
    recordsAfter(id, 0),
    frozenGraph(row),
    db().flow.findUnique({ where: { id: row.flowId }, select: { name: true } }),
    readPayloadText(row.input, row.inputPayloadId),
    readCustomData(sql(), { organizationId: caller.organizationId, executionId: id }),
  ]);
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
  return {
    ...head,
    flowName: flow?.name ?? "Deleted flow",
    retryOfId: row.retryOfId,
    variables: jsonColumn(jsonObjectSchema, row.variables) ?? {},
    customData,
    input: jsonColumn(storedItemsSchema, items) ?? [],
    steps: [...viewOf({ execution: head, steps }).visits.values()].map(({ wakeAt: _wakeAt, ...visit }) => ({
      ...visit,
      nodeName: names.get(visit.nodeId) ?? visit.nodeId,
    })),
  };
}
