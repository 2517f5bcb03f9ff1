import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import type { StateCreator } from "zustand";
import type { Graph } from "@/flow/graph/schema";
import type { DefinitionLookup } from "../definitions";
import { type CanvasEdge, type CanvasNode, canvasEdges, canvasNodes } from "./canvas-elements";
import type { EditorState } from "./editor-store";

/** What the canvas draws: the graph plus what only the screen knows (selection, a drag under way, measured sizes). */
export interface CanvasSlice {
  nodes: CanvasNode[];
  edges: CanvasEdge[];
  /** Follows a changed graph. */
  showGraph(graph: Graph, select?: readonly string[]): void;
  onNodesChange(changes: NodeChange<CanvasNode>[]): void;
  onEdgesChange(changes: EdgeChange<CanvasEdge>[]): void;
  /** Selects exactly these nodes. */
  select(nodeIds: readonly string[]): void;
}

const withSelection = <T extends { id: string; selected?: boolean }>(elements: T[], ids: ReadonlySet<string>): T[] =>
  elements.map((element) =>
    (element.selected ?? false) === ids.has(element.id) ? element : { ...element, selected: ids.has(element.id) },
  );

export const createCanvasSlice =
  (graph: Graph, definitionOf: DefinitionLookup): StateCreator<EditorState, [], [], CanvasSlice> =>
  (set, get) => ({
    nodes: canvasNodes(graph, [], definitionOf),
    edges: canvasEdges(graph, []),
    showGraph(next, select) {
      const nodes = canvasNodes(next, get().nodes, definitionOf);
      set({ nodes: select ? withSelection(nodes, new Set(select)) : nodes, edges: canvasEdges(next, get().edges) });
    },
    onNodesChange(changes) {
      set({ nodes: applyNodeChanges(changes, get().nodes) });
    },
    onEdgesChange(changes) {
      set({ edges: applyEdgeChanges(changes, get().edges) });
    },
    select(nodeIds) {
      set({ nodes: withSelection(get().nodes, new Set(nodeIds)), edges: withSelection(get().edges, new Set()) });
    },
  });
