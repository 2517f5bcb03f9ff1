import type { Graph } from "@/flow/graph/schema";
import type { DefinitionLookup } from "../definitions";
import { isNote } from "../notes/note";
import { portsOf } from "../state/canvas-elements";
import { GAP_X, GAP_Y, LABEL_HEIGHT, NODE_WIDTH, nodeHeight, type Point, snap } from "./geometry";

/**
 * Places for nodes, left to right by who feeds whom. With `only`, just those nodes are arranged among themselves, and keep
 * their top left corner.
 */
export async function layoutGraph(
  graph: Graph,
  definitionOf: DefinitionLookup,
  only?: ReadonlySet<string>,
): Promise<Record<string, Point>> {
  const { default: dagre } = await import("@dagrejs/dagre");
  // Notes stay: they are about a place.
  const nodes = graph.nodes.filter((node) => !isNote(node) && (only?.has(node.id) ?? true));
  if (nodes.length === 0) return {};
  const ids = new Set(nodes.map((node) => node.id));
  const layout = new dagre.graphlib.Graph({ multigraph: true })
    .setGraph({ rankdir: "LR", nodesep: GAP_Y, ranksep: GAP_X })
    .setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    const { inputs, outputs } = portsOf(node, definitionOf);
    layout.setNode(node.id, { width: NODE_WIDTH, height: nodeHeight(inputs.length, outputs.length) + LABEL_HEIGHT });
  }
  // Branches start in the order of their ports, from top to bottom.
  const order = (nodeId: string, handle: string): number => {
    const node = nodes.find((candidate) => candidate.id === nodeId);
    return node ? portsOf(node, definitionOf).outputs.findIndex((port) => port.name === handle) : 0;
  };
  const edges = graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  for (const edge of edges.sort((a, b) => order(a.source, a.sourceHandle) - order(b.source, b.sourceHandle))) {
    layout.setEdge(edge.source, edge.target, {}, edge.id);
  }
  dagre.layout(layout);
  const placed = nodes.map((node) => {
    const { x, y, width, height } = layout.node(node.id);
    return { id: node.id, x: x - width / 2, y: y - height / 2, height };
  });
  // The layout takes a drawing and its mirror image for equally good; the one that keeps the order of the ports is meant.
  if (crossedPorts(placed, edges, order) > 0) for (const place of placed) place.y = -place.y - place.height;
  const origin = (axis: "x" | "y", places: readonly Point[]): number => Math.min(...places.map((place) => place[axis]));
  const before = nodes.map((node) => node.position);
  const dx = origin("x", before) - origin("x", placed);
  const dy = origin("y", before) - origin("y", placed);
  return Object.fromEntries(placed.map(({ id, x, y }) => [id, snap({ x: x + dx, y: y + dy })]));
}

/** How many more pairs of branches stand against the order of their ports than in it. */
function crossedPorts(
  placed: readonly (Point & { id: string })[],
  edges: Graph["edges"],
  order: (nodeId: string, handle: string) => number,
): number {
  const y = new Map(placed.map((place) => [place.id, place.y]));
  let crossed = 0;
  for (const one of edges) {
    for (const other of edges) {
      if (one.source !== other.source || order(one.source, one.sourceHandle) >= order(other.source, other.sourceHandle)) continue;
      crossed += Math.sign((y.get(one.target) ?? 0) - (y.get(other.target) ?? 0));
    }
  }
  return crossed;
}
