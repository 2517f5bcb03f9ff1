import { codeReferences, templateReferences } from "../expression/references";
import { isExpression } from "../expression/template";
import { applyOperation } from "../graph/operations/apply";
import type { Graph, GraphNode } from "../graph/schema";
import type { Json, JsonObject } from "../item";
import { sameJson } from "./partial";

/** What of a node is another than it was. */
export type NodeChange = "type" | "parameters" | "settings" | "credentials" | "disabled" | "pinned" | "variables" | "timezone";

const CLOCK = ["$now", "$today", "DateTime"];

/** How often a node is tried says nothing about what it gives. */
const behaviour = ({ settings }: GraphNode) => {
  const { retry: _retry, unclear: _unclear, ...rest } = settings ?? {};
  return rest;
};

function freeNames(value: Json, names: Set<string>): Set<string> {
  if (typeof value === "string") {
    const references = isExpression(value) ? templateReferences(value) : codeReferences(value);
    for (const name of references.reads) names.add(name);
  } else if (typeof value === "object" && value !== null) for (const entry of Object.values(value)) freeNames(entry, names);
  return names;
}

/** What expressions see of the flow around a node. */
export interface FlowSurroundings {
  /** The flow's, with the execution's over them. */
  variables: JsonObject;
  timezone: string;
}

/** Why a node may give something else than it gave; empty when nothing that it depends on has changed. Its name and place do not count. */
export function nodeChanges(
  then: { node: GraphNode } & FlowSurroundings,
  now: { node: GraphNode } & FlowSurroundings,
  usesPins: boolean,
): NodeChange[] {
  const changes: NodeChange[] = [];
  if (then.node.type !== now.node.type || then.node.version !== now.node.version) return ["type"];
  if (!sameJson(then.node.parameters, now.node.parameters)) changes.push("parameters");
  if (!sameJson(behaviour(then.node), behaviour(now.node))) changes.push("settings");
  if (!sameJson(then.node.credentials ?? {}, now.node.credentials ?? {})) changes.push("credentials");
  if ((then.node.disabled ?? false) !== (now.node.disabled ?? false)) changes.push("disabled");
  if (usesPins && !sameJson(then.node.pinned, now.node.pinned)) changes.push("pinned");
  const otherVariables = !sameJson(then.variables, now.variables);
  if (!otherVariables && then.timezone === now.timezone) return changes;
  const names = freeNames(now.node.parameters, new Set());
  if (otherVariables && names.has("variables")) changes.push("variables");
  if (then.timezone !== now.timezone && CLOCK.some((name) => names.has(name))) changes.push("timezone");
  return changes;
}

/**
 * An earlier graph with the names that its nodes have now, in every expression that refers to them: renaming a node changes
 * the texts of others, and nothing of what they do.
 */
export function withNamesOf<G extends Graph>(earlier: G, now: Graph): G {
  const names = new Map(now.nodes.map(({ id, name }) => [id, name]));
  let graph: Graph = earlier;
  const rename = (nodeId: string, name: string) => {
    graph = applyOperation(graph, { type: "renameNode", nodeId, name }).graph;
  };
  const renamed = earlier.nodes.filter(({ id, name }) => (names.get(id) ?? name) !== name);
  const taken = new Set([...earlier.nodes, ...now.nodes].map(({ name }) => name));
  // By way of names that nobody has: two nodes may have swapped theirs.
  renamed.forEach(({ id }, index) => {
    let free = `renamed ${index}`;
    while (taken.has(free)) free += "'";
    rename(id, free);
  });
  for (const { id } of renamed) {
    const name = names.get(id)!;
    if (!graph.nodes.some((node) => node.name === name)) rename(id, name);
  }
  return graph as G;
}
