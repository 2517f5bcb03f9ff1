import type { Graph, GraphNode } from "@/flow/graph/schema";

export type Direction = "left" | "right" | "up" | "down";

/**
 * The node that an arrow key leads to: right follows a connection forward and left one back, up and down go to the nearest
 * node above and below; without a connection the nearest node on that side.
 */
export function neighbour(graph: Graph, from: GraphNode, direction: Direction): GraphNode | undefined {
  if (direction === "left" || direction === "right") {
    const linked = graph.edges
      .filter((edge) => (direction === "right" ? edge.source : edge.target) === from.id)
      .map((edge) => graph.nodes.find((node) => node.id === (direction === "right" ? edge.target : edge.source)))
      .filter((node) => node !== undefined && node.id !== from.id) as GraphNode[];
    const [highest] = linked.sort((a, b) => a.position.y - b.position.y);
    if (highest) return highest;
  }
  const horizontal = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  let best: { node: GraphNode; distance: number } | undefined;
  for (const node of graph.nodes) {
    const dx = node.position.x - from.position.x;
    const dy = node.position.y - from.position.y;
    const ahead = (horizontal ? dx : dy) * sign;
    if (node.id === from.id || ahead <= 0) continue;
    // A node straight ahead is nearer than one off to the side.
    const distance = ahead + 2 * Math.abs(horizontal ? dy : dx);
    if (!best || distance < best.distance) best = { node, distance };
  }
  return best?.node;
}
