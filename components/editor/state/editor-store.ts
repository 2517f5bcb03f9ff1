import { createStore, type StoreApi } from "zustand/vanilla";
import type { Graph } from "@/flow/graph/schema";
import type { DefinitionLookup } from "../definitions";
import { type CanvasSlice, createCanvasSlice } from "./canvas-slice";
import { createGraphSlice, type GraphSlice } from "./graph-slice";
import { createInterfaceSlice, type InterfaceSlice } from "./interface-slice";

export type EditorState = GraphSlice & CanvasSlice & InterfaceSlice;
export type EditorStore = StoreApi<EditorState>;

/** The state of one open flow. Nothing in it speaks to the network. */
export const createEditorStore = (graph: Graph, definitionOf: DefinitionLookup): EditorStore =>
  createStore<EditorState>()((...args) => ({
    ...createGraphSlice(graph)(...args),
    ...createCanvasSlice(graph, definitionOf)(...args),
    ...createInterfaceSlice(...args),
  }));

export const selectedNodeIds = (state: EditorState): string[] => state.nodes.filter((node) => node.selected).map((node) => node.id);
export const selectedEdgeIds = (state: EditorState): string[] => state.edges.filter((edge) => edge.selected).map((edge) => edge.id);
