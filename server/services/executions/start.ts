import { z } from "zod";
import type { FrozenGraph, Graph, GraphNode } from "@/flow/graph/schema";
import { indexGraph } from "@/flow/graph/traverse";
import type { JsonObject } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import type { TriggerKind } from "@/flow/node/define-node";
import { db } from "@/server/db";
import type { NewExecution, StartedExecution } from "@/server/execution/engine";
import { getEngine } from "@/server/execution/get-engine";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";
import { keepArrival } from "@/server/triggers/held-arrivals";
import { recordAudit } from "../audit/record";
import { authorize, type Caller } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { assertRunnable } from "../flows/check-graph";
import { findFlow, storedGraph } from "../flows/find";
import { idSchema, parse } from "../parse";
import { registry } from "../registry";
import { itemsSchema, startItems } from "./items";

const shared = {
  flowId: idSchema,
  /** Entry node; by default the manual trigger, else the first there is. */
  triggerNodeId: idSchema.optional(),
  /** What the trigger gives; by default one item made of the variables. */
  items: itemsSchema.optional(),
  /** Flow variables of this execution, over those of the flow. */
  variables: jsonObjectSchema.default({}),
};

export const startExecutionSchema = z.object(shared);

export const executeFlowSchema = z.object({
  ...shared,
  /** A second call with the same key starts nothing and answers with the first one's execution. */
  idempotencyKey: idSchema.optional(),
});

/** Runs the draft as it is now, frozen: what the editor's Run does. */
export async function startExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof startExecutionSchema>;
}): Promise<StartedExecution> {
  const caller = authorize(ctx, "editor");
  const { flowId, ...given } = parse(startExecutionSchema, input);
  const flow = await findFlow(db(), caller.organizationId, flowId);
  return start(caller, { flow, version: null, graph: storedGraph(flow.draft), mode: "manual", dedupeKey: null, ...given });
}

/** Runs the published version, or the draft as long as nothing has been published: what the API does. */
export async function executeFlow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executeFlowSchema>;
}): Promise<StartedExecution> {
  const caller = authorize(ctx, "editor");
  const { flowId, idempotencyKey, ...given } = parse(executeFlowSchema, input);
  const flow = await findFlow(db(), caller.organizationId, flowId);
  const version = flow.publishedVersion;
  const published = version === null ? null : await db().flowVersion.findUniqueOrThrow({ where: { flowId_version: { flowId, version } } });
  const graph = storedGraph(published ? published.graph : flow.draft);
  return start(caller, {
    flow,
    version,
    graph,
    mode: "api",
    dedupeKey: idempotencyKey ? `api:${flowId}:${idempotencyKey}` : null,
    ...given,
  });
}

interface Start extends Omit<Launch, "trigger"> {
  triggerNodeId?: string | undefined;
}

async function start(caller: Caller, { graph, triggerNodeId, ...rest }: Start): Promise<StartedExecution> {
  const trigger = entryNode(graph, triggerNodeId);
  const index = indexGraph(graph);
  assertRunnable(graph, (nodeId) => nodeId === trigger.id || index.reaches(trigger.id, nodeId));
  return launch(caller, { graph, trigger, ...rest });
}

interface Launch {
  flow: { id: string; name: string };
  version: number | null;
  graph: FrozenGraph;
  mode: "manual" | "api";
  /** The node that it starts at. */
  trigger: GraphNode;
  items?: NewExecution["items"] | undefined;
  variables: JsonObject;
  dedupeKey: string | null;
}

/** Pins are for runs by hand: what others start must not even carry them. */
export const withoutPins = (graph: FrozenGraph): FrozenGraph => ({ ...graph, nodes: graph.nodes.map(({ pinned: _, ...node }) => node) });

/** Starts an execution of a graph that was found fit to run. */
export async function launch(
  caller: Caller,
  { flow, version, graph, mode, trigger, items, variables, dedupeKey }: Launch,
): Promise<StartedExecution> {
  const engine = await getEngine();
  const execution: NewExecution = {
    id: newExecutionId(),
    organizationId: caller.organizationId,
    flowId: flow.id,
    flowName: flow.name,
    flowVersion: version,
    graph: mode === "manual" ? graph : withoutPins(graph),
    mode,
    triggerNodeId: trigger.id,
    // Pinned data stands in for what would arrive, in runs from the editor alone.
    items:
      items ??
      (mode === "manual" ? trigger.pinned : undefined) ??
      startItems({ node: trigger, definition: registry.definition(trigger.type) }, variables),
    variables,
    createdById: caller.userId,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId: null, type: mode, dedupeKey },
  };
  const started = await engine.start(execution).catch((thrown: unknown) => keepRefused(execution, thrown));
  if (!started.duplicate) {
    await recordAudit(db(), caller, {
      action: "execution.start",
      target: `execution:${started.executionId}`,
      data: { flowId: flow.id, mode, ...(graph.partial && { destination: graph.partial.destination }) },
    });
  }
  return started;
}

/** A call of the API that there is no room for is in the ledger, for whoever wonders. Someone at the editor sees it at once. */
async function keepRefused(execution: NewExecution, thrown: unknown): Promise<never> {
  if (!(thrown instanceof ServiceError && thrown.code === "rate_limited") || execution.mode !== "api") throw thrown;
  const { organizationId, flowId, triggerNodeId: nodeId, items, variables, event } = execution;
  const trigger = await db().trigger.findUnique({ where: { flowId_nodeId: { flowId, nodeId } }, select: { id: true } });
  if (!trigger) throw thrown;
  const arrival = { organizationId, flowId, triggerId: trigger.id, type: "api", heldFor: "refused", items, variables } as const;
  const arrivalId = await keepArrival({ ...arrival, dedupeKey: event.dedupeKey });
  if (arrivalId === null) throw thrown;
  throw new ServiceError("rate_limited", `${thrown.message}. This call is kept as arrival ${arrivalId}`, thrown.details);
}

const TRIGGER_ORDER: readonly TriggerKind[] = ["manual", "webhook", "form", "chat", "schedule", "poll", "event", "flow", "error"];

const triggerKind = (node: GraphNode) => registry.definition(node.type)?.trigger;

/** Triggers in the order in which one of them is chosen. */
export const byPrecedence = (triggers: readonly GraphNode[]): GraphNode[] =>
  [...triggers].sort((a, b) => TRIGGER_ORDER.indexOf(triggerKind(a)!) - TRIGGER_ORDER.indexOf(triggerKind(b)!));

/**
 * The node that a run starts at.
 * @throws ServiceError `invalid` when the flow has none, or the wanted one is not an entry.
 */
function entryNode(graph: Graph, wanted: string | undefined): GraphNode {
  if (wanted !== undefined) {
    const node = graph.nodes.find(({ id }) => id === wanted);
    if (node && triggerKind(node) && !node.disabled) return node;
    const reason = node ? `node "${node.name}" is ${node.disabled ? "disabled" : "no trigger"}` : "is not a node of this flow";
    throw new ServiceError("invalid", `triggerNodeId: ${reason}`, {
      issues: [{ field: "triggerNodeId", message: reason, code: "no_trigger" }],
    });
  }
  const [first] = byPrecedence(graph.nodes.filter((node) => triggerKind(node) && !node.disabled));
  if (first) return first;
  const message = "the flow has no trigger to start at: add a Manual Trigger";
  throw new ServiceError("invalid", `graph: ${message}`, { issues: [{ field: "graph.nodes", message, code: "no_trigger" }] });
}
