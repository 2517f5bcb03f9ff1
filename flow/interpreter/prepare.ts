import { codeReferences, mentionsNodesInPython, pythonReferences, templateReferences } from "../expression/references";
import { isExpression } from "../expression/template";
import type { FrozenGraph, GraphNode, PartialRun, RetryPolicy } from "../graph/schema";
import { type GraphIndex, indexGraph } from "../graph/traverse";
import type { Json } from "../item";
import { type AnyNodeDefinition, type Effect, effectOf, inputHandles, outputHandles } from "../node/define-node";
import { migrateParameters } from "../node/parameters";
import type { NodeRegistry } from "../node/registry";
import { type PartialPlan, partialPlan } from "./partial";
import type { NodePorts } from "./plan";

/** A placed node with everything about it that does not change from visit to visit. */
export interface PreparedNode extends NodePorts {
  /** With parameters of the definition's current version. */
  node: GraphNode;
  /** Undefined for a type that this installation does not know. */
  definition: AnyNodeDefinition | undefined;
  effect: Effect;
  retry: RetryPolicy;
}

/** A graph made ready to be run any number of times. Immutable; cache it by flow version. */
export interface PreparedGraph {
  index: GraphIndex;
  prepared(nodeId: string): PreparedNode;
  /** Set when only a part of the graph runs. */
  partial?: PartialPlan & Pick<PartialRun, "reuse">;
}

const ONE_ATTEMPT: RetryPolicy = { maxAttempts: 1, waitMs: 0, backoff: "fixed" };

function collectReads(value: Json, names: Set<string>): boolean {
  if (typeof value === "string") {
    const references = isExpression(value)
      ? templateReferences(value)
      : value.includes("$")
        ? codeReferences(value)
        : mentionsNodesInPython(value)
          ? pythonReferences(value)
          : null;
    for (const name of references?.nodes ?? []) names.add(name);
    return references?.dynamic ?? false;
  }
  if (typeof value !== "object" || value === null) return false;
  let dynamic = false;
  for (const entry of Object.values(value)) dynamic = collectReads(entry, names) || dynamic;
  return dynamic;
}

export function prepareGraph(graph: FrozenGraph, registry: NodeRegistry): PreparedGraph {
  const migrated: FrozenGraph = {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const definition = registry.definition(node.type);
      return definition && node.version !== definition.version
        ? { ...node, version: definition.version, parameters: migrateParameters(definition, node) }
        : node;
    }),
  };
  const index = indexGraph(migrated);
  const nodes = new Map<string, PreparedNode>();
  for (const node of migrated.nodes) {
    const definition = registry.definition(node.type);
    const names = new Set<string>();
    const dynamic = collectReads(node.parameters, names);
    nodes.set(node.id, {
      node,
      definition,
      inputs: definition ? inputHandles(definition, node.parameters).map((handle) => handle.name) : ["main"],
      outputs: definition ? outputHandles(definition, node).map((handle) => handle.name) : ["main"],
      reads: dynamic ? null : [...names].flatMap((name) => index.byName.get(name)?.id ?? []),
      effect: definition && !node.disabled ? effectOf(definition, node.parameters) : "pure",
      retry: node.settings?.retry ?? graph.settings.retryPolicy ?? ONE_ATTEMPT,
    });
  }
  const prepared = (nodeId: string): PreparedNode => {
    const found = nodes.get(nodeId);
    if (!found) throw new Error(`The graph has no node "${nodeId}"`);
    return found;
  };
  if (!graph.partial) return { index, prepared };
  const { destination, reuse } = graph.partial;
  return { index, prepared, partial: { ...partialPlan(index, prepared, destination), ...(reuse && { reuse }) } };
}
