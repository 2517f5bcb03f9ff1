import { z } from "zod";
import type { FrozenGraph, Graph } from "@/flow/graph/schema";
import { indexGraph } from "@/flow/graph/traverse";
import { type PartialPlan, reusableNodes } from "@/flow/interpreter/partial";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { jsonObjectSchema } from "@/flow/json-schema";
import { inputHandles, outputHandles } from "@/flow/node/define-node";
import { db } from "@/server/db";
import type { StartedExecution } from "@/server/execution/engine";
import { authorize, type Caller } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { assertRunnable } from "../flows/check-graph";
import { findFlow, storedGraph } from "../flows/find";
import { idSchema, parse } from "../parse";
import { registry } from "../registry";
import { frozenGraph } from "./graph";
import { itemsSchema } from "./items";
import { byPrecedence, launch, withoutPins } from "./start";

export const testStepSchema = z.object({
  flowId: idSchema,
  /** The node to run. */
  nodeId: idSchema,
  /** An execution of the flow: nodes before the wanted one that ran there, and are as they were, do not run again. */
  from: idSchema.optional(),
  /** Where to start when a trigger has to run; by default the manual one, else the first that leads to the node. */
  triggerNodeId: idSchema.optional(),
  /** What that trigger gives. */
  items: itemsSchema.optional(),
  variables: jsonObjectSchema.default({}),
});

/**
 * Runs one node of the draft, and before it only what it needs: nodes whose data is pinned or known from `from` are not
 * executed. An execution of mode `manual` like others; its frozen graph names the node.
 * @throws ServiceError `invalid` when nothing leads to the node, or a node on the way is broken.
 */
export async function testStep({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof testStepSchema> }): Promise<StartedExecution> {
  const caller = authorize(ctx, "editor");
  const { flowId, nodeId, from, triggerNodeId, items, variables } = parse(testStepSchema, input);
  const flow = await findFlow(db(), caller.organizationId, flowId);
  const draft = storedGraph(flow.draft);
  const node = draft.nodes.find(({ id }) => id === nodeId);
  if (!node) throw notFound("Node");
  const definition = registry.definition(node.type);
  if (definition && inputHandles(definition, node.parameters).length + outputHandles(definition, node).length === 0) {
    throw refusal(node.name, "is not a step: it has nothing to run");
  }
  const { partial } = prepareGraph({ ...draft, partial: { destination: nodeId } }, registry);
  if (!partial) throw new Error("A plan was asked for and not made");
  const trigger = partial.triggers.find(({ id }) => id === triggerNodeId) ?? byPrecedence(partial.triggers)[0];
  const [start] = partial.roots(trigger?.id ?? "");
  if (!start) throw refusal(node.name, "is not reached from a trigger: connect it with one, or pin data to a node before it");
  assertRunnable(draft, (id) => partial.needed.has(id));
  const reuse = from === undefined ? undefined : await reusable(caller, flowId, draft, { nodeId, plan: partial, from });
  const graph: FrozenGraph = { ...draft, partial: { destination: nodeId, ...(reuse && { reuse }) } };
  return launch(caller, {
    flow,
    version: null,
    graph,
    mode: "manual",
    trigger: start,
    // What was written as the trigger's input is none for a node that is given its data.
    items: start === trigger && start.pinned === undefined && (triggerNodeId ?? start.id) === start.id ? items : undefined,
    variables,
    dedupeKey: null,
  });
}

const refusal = (name: string, reason: string): ServiceError =>
  new ServiceError("invalid", `Node "${name}" ${reason}`, { issues: [{ node: name, field: "", message: reason, code: "error" }] });

async function reusable(
  caller: Caller,
  flowId: string,
  draft: Graph,
  { nodeId, plan, from }: { nodeId: string; plan: PartialPlan; from: string },
): Promise<{ executionId: string; nodeIds: string[] } | undefined> {
  const earlier = await db().execution.findFirst({
    where: { id: from, organizationId: caller.organizationId, flowId },
    select: { flowId: true, flowVersion: true, draftGraph: true, mode: true },
  });
  // Retention may have taken it: then everything runs.
  if (!earlier) return undefined;
  const rows = await db().executionStep.findMany({
    where: { executionId: from, status: "succeeded" },
    select: { nodeId: true },
    distinct: ["nodeId"],
  });
  const ran = new Set(rows.map((row) => row.nodeId));
  const graph = await frozenGraph(earlier);
  const then = indexGraph(earlier.flowVersion === null && earlier.mode !== "api" ? graph : withoutPins(graph));
  const nodeIds = reusableNodes(indexGraph(draft), plan, nodeId, { index: then, hasRun: (id) => ran.has(id) });
  return nodeIds.length > 0 ? { executionId: from, nodeIds } : undefined;
}
