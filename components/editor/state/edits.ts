import { uniqueName } from "@/flow/graph/names";
import { applyOperation } from "@/flow/graph/operations/apply";
import type { GraphOperation } from "@/flow/graph/operations/operation";
import type { Graph, GraphEdge, GraphNode } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { type AnyNodeDefinition, inputHandles, outputHandles } from "@/flow/node/define-node";
import { freePosition, GAP_X, GAP_Y, LABEL_HEIGHT, NODE_MIN_HEIGHT, NODE_WIDTH, type Point, snap } from "../canvas/geometry";
import { newId } from "./new-id";

/** The port that a new node is to be connected with. */
export interface Attachment {
  nodeId: string;
  handle: string;
  /** `after`: the port is an output and the new node follows it. */
  side: "after" | "before";
}

/** A kind of node, or one of its kind with parameters that it begins with: an action of a tool. */
export type Placeable = AnyNodeDefinition & { preset?: JsonObject };

export function newNode(graph: Graph, definition: Placeable, position: Point): GraphNode {
  return {
    id: newId(),
    name: uniqueName(
      graph.nodes.map((node) => node.name),
      definition.name,
    ),
    type: definition.type,
    version: definition.version,
    position: freePosition(graph.nodes, snap(position)),
    parameters: { ...definition.preset },
  };
}

export const newEdge = (source: string, sourceHandle: string, target: string, targetHandle: string): GraphEdge => ({
  id: newId(),
  source,
  sourceHandle,
  target,
  targetHandle,
});

/** Adds a node, connected with a port when one is given and the node has the matching side. */
export function addNode(
  graph: Graph,
  definition: AnyNodeDefinition,
  position: Point,
  attachment?: Attachment,
): { operation: GraphOperation; node: GraphNode } {
  const node = newNode(graph, definition, position);
  const edges: GraphEdge[] = [];
  if (attachment?.side === "after") {
    const input = inputHandles(definition, node.parameters)[0];
    if (input) edges.push(newEdge(attachment.nodeId, attachment.handle, node.id, input.name));
  } else if (attachment) {
    const output = outputHandles(definition, node)[0];
    if (output) edges.push(newEdge(node.id, output.name, attachment.nodeId, attachment.handle));
  }
  return { operation: { type: "addNodes", nodes: [node], edges }, node };
}

/** Nodes that `from` leads to, itself included. */
function downstream(graph: Graph, from: string): Set<string> {
  const reached = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of graph.edges) {
      if (edge.source !== id || reached.has(edge.target)) continue;
      reached.add(edge.target);
      open.push(edge.target);
    }
  }
  return reached;
}

/** Puts a node between the two ends of an edge; what follows moves right when there is no room. */
export function insertOnEdge(
  graph: Graph,
  edge: GraphEdge,
  definition: AnyNodeDefinition,
): { operation: GraphOperation; node: GraphNode } | null {
  const source = graph.nodes.find((node) => node.id === edge.source);
  const target = graph.nodes.find((node) => node.id === edge.target);
  if (!source || !target) return null;
  const forward = target.position.x >= source.position.x;
  const room = NODE_WIDTH * 2 + GAP_X * 2;
  const shift = forward ? Math.max(0, source.position.x + room - target.position.x) : 0;
  const moved = shift > 0 ? downstream(graph, target.id) : new Set<string>();
  const shifting = shift > 0 && !moved.has(source.id);
  const node: GraphNode = {
    ...newNode(graph, definition, { x: 0, y: 0 }),
    position: snap(
      shifting
        ? { x: source.position.x + NODE_WIDTH + GAP_X, y: (source.position.y + target.position.y) / 2 }
        : { x: (source.position.x + target.position.x) / 2, y: (source.position.y + target.position.y) / 2 },
    ),
  };
  const input = inputHandles(definition, node.parameters)[0];
  const output = outputHandles(definition, node)[0];
  const edges = [
    ...(input ? [newEdge(edge.source, edge.sourceHandle, node.id, input.name)] : []),
    ...(output ? [newEdge(node.id, output.name, edge.target, edge.targetHandle)] : []),
  ];
  const operations: GraphOperation[] = [{ type: "disconnect", edgeIds: [edge.id] }];
  if (shifting) {
    const positions = graph.nodes
      .filter((candidate) => moved.has(candidate.id))
      .map((candidate) => [candidate.id, { x: candidate.position.x + shift, y: candidate.position.y }] as const);
    operations.push({ type: "moveNodes", positions: Object.fromEntries(positions) });
  }
  operations.push({ type: "addNodes", nodes: [node], edges });
  return { operation: { type: "batch", operations }, node };
}

/** Nodes with the edges among them: what copying takes and pasting brings. */
export interface Fragment {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export function fragmentOf(graph: Graph, nodeIds: ReadonlySet<string>): Fragment {
  return {
    nodes: graph.nodes.filter((node) => nodeIds.has(node.id)),
    edges: graph.edges.filter((edge) => nodeIds.has(edge.source) && nodeIds.has(edge.target)),
  };
}

/** How far a copy moves so that it lies below its original, and below the copies that were made before. */
function offsetBelow(graph: Graph, fragment: Fragment, top: number): Point {
  const height = Math.max(...fragment.nodes.map((node) => node.position.y)) - top + NODE_MIN_HEIGHT + LABEL_HEIGHT + GAP_Y;
  for (let y = height; ; y += height) {
    const free = fragment.nodes.every((node) => {
      const place = { x: node.position.x, y: node.position.y + y };
      return freePosition(graph.nodes, place).y === place.y;
    });
    if (free) return { x: 0, y };
  }
}

/**
 * Adds a copy of a fragment with new ids and free names; expressions inside it follow the new names. Its top left corner
 * goes to `at`, or it lands below the original.
 */
export function pasteFragment(graph: Graph, fragment: Fragment, at?: Point): { operation: GraphOperation; nodeIds: string[] } {
  const left = Math.min(...fragment.nodes.map((node) => node.position.x));
  const top = Math.min(...fragment.nodes.map((node) => node.position.y));
  const offset = at ? { x: at.x - left, y: at.y - top } : offsetBelow(graph, fragment, top);
  const ids = new Map(fragment.nodes.map((node) => [node.id, newId()]));
  const names = graph.nodes.map((node) => node.name);
  const wanted = new Map<string, string>();
  const nodes = fragment.nodes.map((node) => {
    const id = ids.get(node.id) ?? newId();
    const name = uniqueName(names, node.name);
    names.push(name);
    wanted.set(id, name);
    return { ...node, id, position: snap({ x: node.position.x + offset.x, y: node.position.y + offset.y }) };
  });
  const edges = fragment.edges.flatMap((edge) => {
    const source = ids.get(edge.source);
    const target = ids.get(edge.target);
    return source && target ? [{ ...edge, id: newId(), source, target }] : [];
  });
  let copy: Graph = { ...graph, nodes, edges };
  // By way of names that nothing has: a new name may be another copied node's old one.
  for (const id of wanted.keys()) copy = applyOperation(copy, { type: "renameNode", nodeId: id, name: `\u0000${id}` }).graph;
  for (const [id, name] of wanted) copy = applyOperation(copy, { type: "renameNode", nodeId: id, name }).graph;
  return { operation: { type: "addNodes", nodes: copy.nodes, edges: copy.edges }, nodeIds: [...wanted.keys()] };
}
