import type { Graph, GraphEdge } from "../schema";
import { requireNode } from "./nodes";
import { type Applied, type GraphOperation, GraphOperationError, insertAt } from "./operation";

type Operation<T extends GraphOperation["type"]> = Extract<GraphOperation, { type: T }>;

/** Two edges between the same ports say the same thing. */
export const sameEnds = (a: GraphEdge, b: GraphEdge): boolean =>
  a.source === b.source && a.sourceHandle === b.sourceHandle && a.target === b.target && a.targetHandle === b.targetHandle;

export function connect(graph: Graph, operation: Operation<"connect">): Applied {
  const edges = [...graph.edges];
  const added: GraphEdge[] = [];
  for (const edge of operation.edges) {
    requireNode(graph, edge.source);
    requireNode(graph, edge.target);
    if (edges.some((existing) => existing.id === edge.id)) throw new GraphOperationError(`An edge with the id "${edge.id}" exists already`);
    if (edges.some((existing) => sameEnds(existing, edge))) continue;
    edges.push(edge);
    added.push(edge);
  }
  const indexes = added.length === operation.edges.length ? operation.edgeIndexes : undefined;
  return {
    graph: { ...graph, edges: insertAt(graph.edges, added, indexes) },
    inverse: { type: "disconnect", edgeIds: added.map((edge) => edge.id) },
  };
}

export function disconnect(graph: Graph, operation: Operation<"disconnect">): Applied {
  const ids = new Set(operation.edgeIds);
  const removed = graph.edges.filter((edge) => ids.has(edge.id));
  if (removed.length !== ids.size) throw new GraphOperationError("An edge to remove is not in this flow");
  return {
    graph: { ...graph, edges: graph.edges.filter((edge) => !ids.has(edge.id)) },
    inverse: {
      type: "connect",
      edges: removed,
      edgeIndexes: graph.edges.flatMap((edge, index) => (ids.has(edge.id) ? [index] : [])),
    },
  };
}
