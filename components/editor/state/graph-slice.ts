import type { StateCreator } from "zustand";
import { applyOperation } from "@/flow/graph/operations/apply";
import { type GraphOperation, GraphOperationError } from "@/flow/graph/operations/operation";
import type { Graph } from "@/flow/graph/schema";
import type { EditorState } from "./editor-store";

interface HistoryEntry {
  /** Takes the graph to the other side of this step. */
  operation: GraphOperation;
  mergeKey: string | undefined;
  at: number;
}

export interface ApplyOptions {
  /**
   * Edits in a row with the same key are one step of undo, as the letters of a word are. Only for operations whose inverse
   * restores the whole of what they change.
   */
  mergeKey?: string;
  /** Nodes to select afterwards. */
  select?: readonly string[];
}

export interface GraphSlice {
  graph: Graph;
  past: readonly HistoryEntry[];
  future: readonly HistoryEntry[];
  /** Makes an edit; answers why it does not fit, or null. */
  apply(operation: GraphOperation, options?: ApplyOptions): string | null;
  undo(): void;
  redo(): void;
}

const HISTORY_LENGTH = 200;
const MERGE_WITHIN_MS = 1500;

export const createGraphSlice =
  (graph: Graph): StateCreator<EditorState, [], [], GraphSlice> =>
  (set, get) => ({
    graph,
    past: [],
    future: [],
    apply(operation, { mergeKey, select } = {}) {
      const { graph: before, past, showGraph } = get();
      let applied: ReturnType<typeof applyOperation>;
      try {
        applied = applyOperation(before, operation);
      } catch (error) {
        if (error instanceof GraphOperationError) return error.message;
        throw error;
      }
      if (applied.graph === before) return null;
      const at = Date.now();
      const last = past.at(-1);
      const continues = mergeKey !== undefined && last?.mergeKey === mergeKey && at - last.at < MERGE_WITHIN_MS;
      const entry: HistoryEntry = { operation: continues ? last.operation : applied.inverse, mergeKey, at };
      set({ graph: applied.graph, past: [...(continues ? past.slice(0, -1) : past.slice(-HISTORY_LENGTH + 1)), entry], future: [] });
      showGraph(applied.graph, select);
      return null;
    },
    undo() {
      const { graph: current, past, future, showGraph } = get();
      const entry = past.at(-1);
      if (!entry) return;
      const applied = applyOperation(current, entry.operation);
      set({
        graph: applied.graph,
        past: past.slice(0, -1),
        future: [...future, { operation: applied.inverse, mergeKey: undefined, at: 0 }],
      });
      showGraph(applied.graph);
    },
    redo() {
      const { graph: current, past, future, showGraph } = get();
      const entry = future.at(-1);
      if (!entry) return;
      const applied = applyOperation(current, entry.operation);
      set({
        graph: applied.graph,
        past: [...past, { operation: applied.inverse, mergeKey: undefined, at: 0 }],
        future: future.slice(0, -1),
      });
      showGraph(applied.graph);
    },
  });
