import type pg from "pg";
import { keepingCredentials } from "@/flow/credentials/references";
import { FatalError } from "@/flow/execution/errors";
import { type FrozenGraph, type Graph, type GraphNode, graphSchema } from "@/flow/graph/schema";
import type { Json } from "@/flow/item";
import { inlineGraph } from "@/flow/n8n/inline-graph";
import type { NodeRegistry } from "@/flow/node/registry";
import type { ClaimedExecution } from "../engine";

/** A flow as a step of another one runs it. */
export interface Callee {
  flowId: string;
  flowName: string;
  /** Null for a draft, and for a graph that the step brought along. */
  flowVersion: number | null;
  graph: FrozenGraph;
  trigger: GraphNode;
}

interface Row {
  name: string;
  published_version: number | null;
  draft: unknown;
  graph: unknown;
}

/**
 * The flow that a step names: the published version, or the draft where nothing is published or the caller runs a draft by hand.
 * @throws FatalError for one that does not exist in the organization, and for one that its settings keep from being called
 */
export async function findCallee(pool: pg.Pool, registry: NodeRegistry, caller: ClaimedExecution, flowId: string): Promise<Callee> {
  const { rows } = await pool.query<Row>({
    name: "flow_callee",
    text: `select f.name, f.published_version, f.draft, v.graph from flow f
      left join flow_version v on v.flow_id = f.id and v.version = f.published_version
      where f.id = $1 and f.organization_id = $2 and f.deleted_at is null`,
    values: [flowId, caller.organizationId],
  });
  const [row] = rows;
  if (!row) throw new FatalError(`There is no flow "${flowId}". Choose one of your organization's flows`);
  const takesDraft = row.published_version === null || (caller.mode === "manual" && caller.flowVersion === null);
  const graph = graphSchema.parse(takesDraft ? row.draft : row.graph);
  if (!mayCall(graph, caller.flowId, flowId)) {
    throw new FatalError(`The settings of the flow "${row.name}" do not let this flow run it. Its owner can change "Called by" there`);
  }
  return {
    flowId,
    flowName: row.name,
    flowVersion: takesDraft ? null : row.published_version,
    graph: withoutPins(graph),
    trigger: entryOf(graph, registry, row.name),
  };
}

/**
 * A graph that the step itself brought: it runs under the caller's flow, with no credential that this one does not name.
 * @throws FatalError when it is none
 */
export function inlineCallee(
  registry: NodeRegistry,
  caller: ClaimedExecution,
  flowName: string,
  given: Json,
  mayName: (credentialId: string) => boolean,
): Callee {
  const graph = keepingCredentials(withoutPins(inlineGraph(given)), mayName);
  return { flowId: caller.flowId, flowName, flowVersion: null, graph, trigger: entryOf(graph, registry, "given as JSON") };
}

function mayCall({ settings }: Graph, callerFlowId: string, calleeFlowId: string): boolean {
  const { policy = "any", flowIds = [] } = settings.callers ?? {};
  return policy === "any" || callerFlowId === calleeFlowId || (policy === "list" && flowIds.includes(callerFlowId));
}

const withoutPins = (graph: Graph): Graph => ({ ...graph, nodes: graph.nodes.map(({ pinned: _, ...node }) => node) });

/** Where another flow enters: the trigger for it, else a manual one. */
export function entryOf(graph: Graph, registry: NodeRegistry, flowName: string): GraphNode {
  const kind = (node: GraphNode) => (node.disabled ? undefined : registry.definition(node.type)?.trigger);
  const entry = graph.nodes.find((node) => kind(node) === "flow") ?? graph.nodes.find((node) => kind(node) === "manual");
  if (entry) return entry;
  throw new FatalError(`The flow "${flowName}" cannot be run by another flow: add the trigger "When run by another flow" to it`);
}
