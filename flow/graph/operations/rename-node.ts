import { renameNodeInCode, renameNodeInTemplate } from "../../expression/references";
import { isExpression } from "../../expression/template";
import type { Json, JsonObject } from "../../item";
import type { Graph } from "../schema";
import { requireNode } from "./nodes";
import { type Applied, type GraphOperation, GraphOperationError } from "./operation";

const rewrite = (value: Json, from: string, to: string): Json => {
  if (typeof value === "string") {
    if (isExpression(value)) return renameNodeInTemplate(value, from, to);
    // Code refers to nodes as expressions do, without the leading "=".
    return value.includes("$(") || value.includes("$node") || value.includes("$items(") ? renameNodeInCode(value, from, to) : value;
  }
  if (Array.isArray(value)) {
    const next = value.map((entry) => rewrite(entry, from, to));
    return next.some((entry, index) => entry !== value[index]) ? next : value;
  }
  if (typeof value !== "object" || value === null) return value;
  let changed = false;
  const next: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) {
    const rewritten = rewrite(entry, from, to);
    Object.defineProperty(next, key, { value: rewritten, enumerable: true, writable: true, configurable: true });
    changed ||= rewritten !== entry;
  }
  return changed ? next : value;
};

/** Renames a node and rewrites every expression and code text that refers to it: expressions refer to nodes by name. */
export function renameNode(graph: Graph, operation: Extract<GraphOperation, { type: "renameNode" }>): Applied {
  const { name: from } = requireNode(graph, operation.nodeId);
  const to = operation.name;
  if (from === to) return { graph, inverse: operation };
  if (graph.nodes.some((node) => node.name === to)) throw new GraphOperationError(`A node named "${to}" exists already`);
  const before: GraphOperation[] = [];
  const nodes = graph.nodes.map((node) => {
    const parameters = rewrite(node.parameters, from, to) as JsonObject;
    // Taking the name back would also rewrite texts that named `to` before there was such a node.
    if (parameters !== node.parameters || rewrite(parameters, to, from) !== parameters) {
      before.push({ type: "updateParameters", nodeId: node.id, parameters: node.parameters });
    }
    if (node.id === operation.nodeId) return { ...node, name: to, parameters };
    return parameters === node.parameters ? node : { ...node, parameters };
  });
  return {
    graph: { ...graph, nodes },
    inverse: { type: "batch", operations: [{ type: "renameNode", nodeId: operation.nodeId, name: from }, ...before] },
  };
}
