"use client";
import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import { useEditorEnvironment } from "../state/editor-context";
import { selectedNodeIds } from "../state/editor-store";
import { layoutGraph } from "./layout";

/** Arranges the selected nodes, or all when fewer than two are selected; one step of undo. */
export function useTidy(): () => Promise<void> {
  const { store, definitionOf } = useEditorEnvironment();
  const flow = useReactFlow();
  return useCallback(async () => {
    const state = store.getState();
    const selected = selectedNodeIds(state);
    const positions = await layoutGraph(state.graph, definitionOf, selected.length > 1 ? new Set(selected) : undefined);
    // The person may have deleted a node while the arrangement was computed.
    const known = Object.entries(positions).filter(([id]) => store.getState().graph.nodes.some((node) => node.id === id));
    if (known.length === 0) return;
    store.getState().apply({ type: "moveNodes", positions: Object.fromEntries(known) });
    if (selected.length < 2) requestAnimationFrame(() => void flow.fitView({ padding: 0.18, maxZoom: 1, duration: 200 }));
  }, [store, definitionOf, flow]);
}
