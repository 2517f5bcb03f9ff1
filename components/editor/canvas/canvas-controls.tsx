"use client";
import { Panel, useReactFlow } from "@xyflow/react";
import { CircleQuestionMark, Maximize, Minus, Plus, Redo2, SquarePlus, Undo2, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Tooltip } from "@/components/ui/tooltip";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { useTidy } from "./use-tidy";

/** Looking around and the way back: zoom, fit, arrange, undo, redo, help. */
export function CanvasControls() {
  const { readOnly } = useEditorEnvironment();
  const flow = useReactFlow();
  const tidy = useTidy();
  const canUndo = useEditor((state) => state.past.length > 0);
  const canRedo = useEditor((state) => state.future.length > 0);
  const undo = useEditor((state) => state.undo);
  const redo = useEditor((state) => state.redo);
  const setHelpOpen = useEditor((state) => state.setHelpOpen);
  const openPicker = useEditor((state) => state.openPicker);
  return (
    <Panel position="bottom-left" className="!mb-4 !ml-4 flex gap-2">
      <Group>
        <Control label="Fit to screen" keys="⇧1" onClick={() => void flow.fitView({ padding: 0.18, maxZoom: 1, duration: 200 })}>
          <Maximize />
        </Control>
        <Control label="Zoom in" onClick={() => void flow.zoomIn({ duration: 120 })}>
          <Plus />
        </Control>
        <Control label="Zoom out" onClick={() => void flow.zoomOut({ duration: 120 })}>
          <Minus />
        </Control>
      </Group>
      {readOnly ? null : (
        <>
          <Group>
            <Control label="Add a node" keys="N" onClick={() => openPicker({ kind: "place", position: null })}>
              <SquarePlus />
            </Control>
          </Group>
          <Group>
            <Control label="Undo" keys="Ctrl Z" disabled={!canUndo} onClick={undo}>
              <Undo2 />
            </Control>
            <Control label="Redo" keys="Ctrl Y" disabled={!canRedo} onClick={redo}>
              <Redo2 />
            </Control>
          </Group>
          <Group>
            <Control label="Tidy up" keys="⇧L" onClick={() => void tidy()}>
              <Workflow />
            </Control>
            <Control label="Keyboard shortcuts" keys="?" onClick={() => setHelpOpen(true)}>
              <CircleQuestionMark />
            </Control>
          </Group>
        </>
      )}
    </Panel>
  );
}

function Group({ children }: { children: ReactNode }) {
  return <div className="flex rounded-lg border border-border bg-raised p-0.5 shadow-xs">{children}</div>;
}

function Control({
  label,
  keys,
  disabled,
  onClick,
  children,
}: {
  label: string;
  keys?: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip
      content={
        <>
          {label}
          {keys ? <Kbd>{keys}</Kbd> : null}
        </>
      }
    >
      <Button variant="ghost" size="icon-sm" aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </Button>
    </Tooltip>
  );
}
