"use client";
import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import { toast } from "@/components/ui/toast";
import type { ImportReport } from "@/flow/n8n/report";
import { usePinning } from "../pins/use-pinning";
import { nodeOf } from "../state/canvas-elements";
import { parseClipboardText, toClipboardText } from "../state/clipboard";
import { useEditorEnvironment } from "../state/editor-context";
import { type EditorStore, selectedEdgeIds, selectedNodeIds } from "../state/editor-store";
import { fragmentOf, pasteFragment } from "../state/edits";
import { NODE_MIN_HEIGHT, NODE_WIDTH } from "./geometry";
import { type Direction, neighbour } from "./neighbours";
import { useTidy } from "./use-tidy";

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const NUDGE = 8;

const OTHERS = "input, textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/** Typing, menus and dialogs keep their keys; a dialog on its way out has none any more. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(OTHERS) !== null && target.closest("[role=dialog][data-state=closed]") === null;

const focusedNodeId = (): string | null => document.activeElement?.closest("[data-node-id]")?.getAttribute("data-node-id") ?? null;

/** What a shortcut is about: the selection, or else the node that has the focus. */
function targets(store: EditorStore): string[] {
  const selected = selectedNodeIds(store.getState());
  const focused = focusedNodeId();
  return selected.length > 0 || !focused ? selected : [focused];
}

function copyTo(store: EditorStore, event: ClipboardEvent): string[] {
  const ids = targets(store);
  // Text that the person marked is meant, not the nodes.
  if (ids.length === 0 || window.getSelection()?.toString()) return [];
  event.clipboardData?.setData("text/plain", toClipboardText(fragmentOf(store.getState().graph, new Set(ids))));
  event.preventDefault();
  return ids;
}

/** What became of pasted nodes of n8n; what is missing stands in the nodes, too. */
function tellImport({ nodes, issues }: ImportReport): void {
  const missing = issues.filter(({ severity }) => severity === "missing");
  const [first] = missing;
  if (!first) return void toast.success(`Pasted ${nodes.total} ${nodes.total === 1 ? "node" : "nodes"} from n8n`);
  const more = missing.length > 1 ? ` And ${missing.length - 1} more.` : "";
  toast.warning(`Pasted ${nodes.converted} of ${nodes.total - nodes.notes} nodes from n8n`, {
    description: `${[first.node, first.field].filter(Boolean).join(": ")}: ${first.message}.${more}`,
    duration: 12_000,
  });
}

/** The canvas' keyboard, and the system clipboard. `onRun` is for Ctrl+Enter, `onTest` runs one node, `onNote` adds a note. */
export function useShortcuts({ onRun, onTest, onNote }: { onRun: () => void; onTest: (nodeId: string) => void; onNote: () => void }): void {
  const { store, readOnly } = useEditorEnvironment();
  const flow = useReactFlow();
  const tidy = useTidy();
  const { toggle: togglePin } = usePinning();

  useEffect(() => {
    const remove = () => {
      const state = store.getState();
      const nodeIds = targets(store);
      const gone = new Set(nodeIds);
      const edgeIds = selectedEdgeIds(state).filter((id) => {
        const edge = state.graph.edges.find((candidate) => candidate.id === id);
        return edge !== undefined && !gone.has(edge.source) && !gone.has(edge.target);
      });
      const operations = [
        ...(edgeIds.length > 0 ? [{ type: "disconnect" as const, edgeIds }] : []),
        ...(nodeIds.length > 0 ? [{ type: "removeNodes" as const, nodeIds }] : []),
      ];
      if (operations.length === 0) return;
      state.apply(operations.length === 1 && operations[0] ? operations[0] : { type: "batch", operations });
      document.querySelector<HTMLElement>("[data-canvas]")?.focus({ preventScroll: true });
    };

    const duplicate = () => {
      const { graph, apply } = store.getState();
      const ids = new Set(targets(store));
      if (ids.size === 0) return;
      const { operation, nodeIds } = pasteFragment(graph, fragmentOf(graph, ids));
      apply(operation, { select: nodeIds });
    };

    const move = (direction: Direction, nudge: boolean) => {
      const { graph, apply, select } = store.getState();
      const ids = targets(store);
      const [first] = ids;
      const from = nodeOf(graph, focusedNodeId() ?? first ?? "");
      if (!from) return;
      if (nudge) {
        const dx = direction === "left" ? -NUDGE : direction === "right" ? NUDGE : 0;
        const dy = direction === "up" ? -NUDGE : direction === "down" ? NUDGE : 0;
        const moved = graph.nodes.filter((node) => ids.includes(node.id) || node.id === from.id);
        const positions = Object.fromEntries(moved.map((node) => [node.id, { x: node.position.x + dx, y: node.position.y + dy }]));
        apply({ type: "moveNodes", positions }, { mergeKey: `nudge:${Object.keys(positions).join()}` });
        return;
      }
      const next = neighbour(graph, from, direction);
      if (!next) return;
      select([next.id]);
      const card = document.querySelector<HTMLElement>(`[data-node-id="${CSS.escape(next.id)}"]`);
      if (card) card.focus({ preventScroll: true });
      const { x, y, zoom } = flow.getViewport();
      const bounds = document.querySelector("[data-canvas]")?.getBoundingClientRect();
      const left = next.position.x * zoom + x;
      const top = next.position.y * zoom + y;
      if (bounds && (left < 40 || top < 40 || left > bounds.width - 160 || top > bounds.height - 160)) {
        void flow.setCenter(next.position.x + NODE_WIDTH / 2, next.position.y + NODE_MIN_HEIGHT / 2, { zoom, duration: 150 });
      }
    };

    const command = (event: KeyboardEvent): (() => void) | undefined => {
      const { undo, redo, openPicker, openNode, select, apply, setHelpOpen, startRenaming, graph } = store.getState();
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey) {
        if (key === "a") return () => select(graph.nodes.map((node) => node.id));
        if (key === "enter" && !readOnly) return onRun;
        if (readOnly) return undefined;
        if (key === "z") return event.shiftKey ? redo : undo;
        if (key === "y") return redo;
        if (key === "d") return duplicate;
        return undefined;
      }
      if (event.altKey) return undefined;
      const arrow = ARROWS[event.key];
      if (arrow) return () => move(arrow, event.shiftKey && !readOnly);
      if (event.shiftKey && event.code === "Digit1") return () => void flow.fitView({ padding: 0.18, maxZoom: 1, duration: 200 });
      if (key === "?") return () => setHelpOpen(true);
      if (key === "enter") {
        const [id] = targets(store);
        return id ? () => openNode(id) : undefined;
      }
      if (key === "escape") return () => select([]);
      if (readOnly) return undefined;
      if (key === "delete" || key === "backspace") return remove;
      if (event.shiftKey && key === "s") return onNote;
      if (event.shiftKey && key === "l") return () => void tidy();
      // Tab opens the picker from empty ground only: everywhere else it moves the focus, as it must.
      if (key === "n" || (key === "tab" && !event.shiftKey && document.activeElement?.hasAttribute("data-canvas")))
        return () => openPicker({ kind: "place", position: null });
      if (key === "d") {
        const ids = targets(store);
        if (ids.length === 0) return undefined;
        const disabled = !ids.every((id) => nodeOf(graph, id)?.disabled);
        return () => void apply({ type: "setDisabled", nodeIds: ids, disabled });
      }
      if (key === "p") {
        const ids = targets(store);
        return ids.length > 0 ? () => ids.forEach(togglePin) : undefined;
      }
      if (key === "t") {
        const [id, ...others] = targets(store);
        return id && others.length === 0 ? () => onTest(id) : undefined;
      }
      if (key === "f2") {
        const [id] = targets(store);
        return id ? () => startRenaming(id) : undefined;
      }
      return undefined;
    };

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isElsewhere(event.target)) return;
      const focused = document.activeElement;
      // Enter and the space bar belong to whichever button has the focus, unless it is a node.
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && focused?.matches("button, a") && !focusedNodeId()) return;
      if (ARROWS[event.key] && focused?.matches("[role=separator], [role=tab], [role=radio]")) return;
      const run = command(event);
      if (!run) return;
      event.preventDefault();
      run();
    };
    const onCopy = (event: ClipboardEvent) => {
      if (!isElsewhere(event.target)) copyTo(store, event);
    };
    const onCut = (event: ClipboardEvent) => {
      if (readOnly || isElsewhere(event.target)) return;
      const nodeIds = copyTo(store, event);
      if (nodeIds.length > 0) store.getState().apply({ type: "removeNodes", nodeIds });
    };
    const onPaste = (event: ClipboardEvent) => {
      if (readOnly || isElsewhere(event.target)) return;
      const parsed = parseClipboardText(event.clipboardData?.getData("text/plain") ?? "");
      if (!parsed) return;
      event.preventDefault();
      if ("error" in parsed) {
        toast.error("These nodes cannot be pasted", { description: parsed.error });
        return;
      }
      // What comes from elsewhere has places of elsewhere: it goes where one looks.
      const canvas = parsed.report ? document.querySelector("[data-canvas]")?.getBoundingClientRect() : undefined;
      const at = canvas && flow.screenToFlowPosition({ x: canvas.left + canvas.width / 5, y: canvas.top + canvas.height / 3 });
      const { operation, nodeIds } = pasteFragment(store.getState().graph, parsed.fragment, at);
      store.getState().apply(operation, { select: nodeIds });
      if (parsed.report) tellImport(parsed.report);
    };

    window.addEventListener("keydown", onKeyDown);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCut);
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCut);
      document.removeEventListener("paste", onPaste);
    };
  }, [store, readOnly, flow, tidy, onRun, onTest, onNote, togglePin]);
}
