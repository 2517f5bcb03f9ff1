"use client";
import { createContext, type ReactNode, useCallback, useContext, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import type { DefinitionLookup } from "../definitions";
import type { NodeRunStatus } from "../live/node-status";
import type { StatusStore } from "../live/status-store";
import type { EditorState, EditorStore } from "./editor-store";

export interface EditorEnvironment {
  store: EditorStore;
  statuses: StatusStore;
  definitionOf: DefinitionLookup;
  /** A frozen graph: looked at, never edited. */
  readOnly: boolean;
}

const EditorContext = createContext<EditorEnvironment | null>(null);

export function EditorProvider({ value, children }: { value: EditorEnvironment; children: ReactNode }) {
  return <EditorContext value={value}>{children}</EditorContext>;
}

export function useEditorEnvironment(): EditorEnvironment {
  const environment = useContext(EditorContext);
  if (!environment) throw new Error("Outside of an EditorProvider");
  return environment;
}

/** A part of the editor's state; renders again only when the part changes. */
export const useEditor = <T,>(selector: (state: EditorState) => T): T => useStore(useEditorEnvironment().store, selector);

/** Items that an output gave so far: renders again for them alone, whatever else becomes of the node. */
export function useOutputCount(nodeId: string, output: number): number | undefined {
  const { statuses } = useEditorEnvironment();
  const subscribe = useCallback((listener: () => void) => statuses.subscribe(nodeId, listener), [statuses, nodeId]);
  return useSyncExternalStore(
    subscribe,
    () => statuses.get(nodeId)?.counts[output],
    () => undefined,
  );
}

/** How a node stands in the execution that is shown; undefined before it was visited. */
export function useNodeStatus(nodeId: string): NodeRunStatus | undefined {
  const { statuses } = useEditorEnvironment();
  const subscribe = useCallback((listener: () => void) => statuses.subscribe(nodeId, listener), [statuses, nodeId]);
  return useSyncExternalStore(
    subscribe,
    () => statuses.get(nodeId),
    () => undefined,
  );
}
