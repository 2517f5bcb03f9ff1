import type { Edge, Node } from "@xyflow/react";
import type { Graph, GraphEdge, GraphNode } from "@/flow/graph/schema";
import { type HandleSpec, inputHandles, outputHandles } from "@/flow/node/define-node";
import { NODE_WIDTH, nodeHeight } from "../canvas/geometry";
import type { DefinitionLookup } from "../definitions";
import { isNote, NOTE_LAYER, noteOf } from "../notes/note";

export type CanvasNode = Node<{ node: GraphNode }, "step" | "note">;
export type CanvasEdge = Edge<{ edge: GraphEdge }, "wire">;

const UNKNOWN_PORTS = { inputs: [{ name: "main" }], outputs: [{ name: "main" }] };

const ports = new WeakMap<GraphNode, { inputs: HandleSpec[]; outputs: HandleSpec[] }>();

/** Ports of a placed node. An unknown type keeps one of each, so that its edges can still be drawn. */
export function portsOf(node: GraphNode, definitionOf: DefinitionLookup): { inputs: HandleSpec[]; outputs: HandleSpec[] } {
  const known = ports.get(node);
  if (known) return known;
  const definition = definitionOf(node.type);
  const made = definition ? { inputs: inputHandles(definition, node.parameters), outputs: outputHandles(definition, node) } : UNKNOWN_PORTS;
  ports.set(node, made);
  return made;
}

/** The graph's nodes for the canvas. What did not change keeps its identity, so that only what changed renders again. */
export function canvasNodes(graph: Graph, previous: readonly CanvasNode[], definitionOf: DefinitionLookup): CanvasNode[] {
  const known = new Map(previous.map((node) => [node.id, node]));
  return graph.nodes.map((node) => {
    const before = known.get(node.id);
    if (before?.data.node === node) return before;
    if (isNote(node)) {
      const { width, height } = noteOf(node);
      return { ...before, id: node.id, type: "note", position: node.position, data: { node }, width, height, zIndex: NOTE_LAYER };
    }
    const { inputs, outputs } = portsOf(node, definitionOf);
    return {
      ...before,
      id: node.id,
      type: "step",
      position: node.position,
      data: { node },
      width: NODE_WIDTH,
      height: nodeHeight(inputs.length, outputs.length),
    };
  });
}

export function canvasEdges(graph: Graph, previous: readonly CanvasEdge[]): CanvasEdge[] {
  const known = new Map(previous.map((edge) => [edge.id, edge]));
  return graph.edges.map((edge) => {
    const before = known.get(edge.id);
    if (before?.data?.edge === edge) return before;
    const { id, source, sourceHandle, target, targetHandle } = edge;
    return { ...before, id, type: "wire", source, sourceHandle, target, targetHandle, data: { edge } };
  });
}

const outgoing = new WeakMap<readonly GraphEdge[], ReadonlySet<string>>();

/** Whether an output leads anywhere. */
export function isConnected(edges: readonly GraphEdge[], nodeId: string, handle: string): boolean {
  let taken = outgoing.get(edges);
  if (!taken) {
    taken = new Set(edges.map((edge) => `${edge.source}\n${edge.sourceHandle}`));
    outgoing.set(edges, taken);
  }
  return taken.has(`${nodeId}\n${handle}`);
}

const byId = new WeakMap<readonly GraphNode[], ReadonlyMap<string, GraphNode>>();

/** A node by its id, without walking the list for every caller. */
export function nodeOf(graph: Graph, nodeId: string): GraphNode | undefined {
  let index = byId.get(graph.nodes);
  if (!index) {
    index = new Map(graph.nodes.map((node) => [node.id, node]));
    byId.set(graph.nodes, index);
  }
  return index.get(nodeId);
}
