import type { StateCreator } from "zustand";
import type { Point } from "../canvas/geometry";
import { isNote } from "../notes/note";
import { nodeOf } from "./canvas-elements";
import type { EditorState } from "./editor-store";
import type { Attachment } from "./edits";

/** What the node picker was opened for. */
export type PickerTarget =
  /** A free place, in the canvas' coordinates; null: wherever there is room. */
  | { kind: "place"; position: Point | null }
  | { kind: "attach"; attachment: Attachment; position: Point | null }
  | { kind: "edge"; edgeId: string };

export interface InterfaceSlice {
  /** The node whose parameters and data are open. */
  openNodeId: string | null;
  picker: PickerTarget | null;
  renamingNodeId: string | null;
  isHelpOpen: boolean;
  /** The visit that is asked for; null: the latest. */
  openRunIndex: number | null;
  openNode(nodeId: string | null, runIndex?: number): void;
  openPicker(target: PickerTarget | null): void;
  startRenaming(nodeId: string | null): void;
  setHelpOpen(open: boolean): void;
}

export const createInterfaceSlice: StateCreator<EditorState, [], [], InterfaceSlice> = (set, get) => ({
  openNodeId: null,
  picker: null,
  renamingNodeId: null,
  isHelpOpen: false,
  openRunIndex: null,
  openNode: (openNodeId, runIndex) => {
    const node = openNodeId === null ? undefined : nodeOf(get().graph, openNodeId);
    // A note is written where it lies.
    if (node && isNote(node)) set({ renamingNodeId: node.id });
    else set({ openNodeId, openRunIndex: runIndex ?? null });
  },
  openPicker: (picker) => set({ picker }),
  startRenaming: (renamingNodeId) => set({ renamingNodeId }),
  setHelpOpen: (isHelpOpen) => set({ isHelpOpen }),
});
