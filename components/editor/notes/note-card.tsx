"use client";
import { type NodeProps, NodeResizer } from "@xyflow/react";
import { Trash2 } from "lucide-react";
import { memo, useCallback, useEffect, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import type { JsonObject } from "@/flow/item";
import { type CanvasNode, nodeOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { NOTE_COLORS, NOTE_MIN, noteOf } from "./note";
import { NoteText } from "./note-text";

/** A note on the canvas: for people, behind the nodes. Double click to write; drag its edges to size it. */
function Note({ id, data: { node }, selected }: NodeProps<CanvasNode>) {
  const { store, readOnly } = useEditorEnvironment();
  const editing = useEditor((state) => state.renamingNodeId === id) && !readOnly;
  const startRenaming = useEditor((state) => state.startRenaming);
  const { content, color } = noteOf(node);
  const look = NOTE_COLORS[color - 1] ?? NOTE_COLORS[0];

  const set = useCallback(
    (change: JsonObject) => {
      const current = nodeOf(store.getState().graph, id);
      if (current) store.getState().apply({ type: "updateParameters", nodeId: id, parameters: { ...current.parameters, ...change } });
    },
    [store, id],
  );

  return (
    <>
      {readOnly ? null : (
        <NodeResizer
          isVisible={selected && !editing}
          minWidth={NOTE_MIN.width}
          minHeight={NOTE_MIN.height}
          lineClassName="!border-ring"
          handleClassName="!size-2.5 !rounded-sm !border-ring !bg-raised"
          onResizeEnd={(_, { x, y, width, height }) => {
            const current = nodeOf(store.getState().graph, id);
            if (!current) return;
            const parameters = { ...current.parameters, width: Math.round(width), height: Math.round(height) };
            store.getState().apply({
              type: "batch",
              operations: [
                { type: "moveNodes", positions: { [id]: { x, y } } },
                { type: "updateParameters", nodeId: id, parameters },
              ],
            });
          }}
        />
      )}
      <section
        aria-label={`Note: ${node.name}`}
        data-node-id={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas' shortcuts are about what has the focus
        tabIndex={0}
        onDoubleClick={(event) => {
          event.stopPropagation();
          if (!readOnly) startRenaming(id);
        }}
        className={cn(
          "size-full overflow-hidden rounded-lg border text-foreground outline-none focus-visible:ring-2 focus-visible:ring-ring",
          look?.className,
          selected && "ring-2 ring-ring/45",
        )}
      >
        {editing ? (
          <NoteEditor
            content={content}
            onDone={(text) => {
              startRenaming(null);
              if (text !== null && text !== content) set({ content: text });
            }}
          />
        ) : (
          <div className={cn("size-full overflow-auto p-3", selected && "nowheel")}>
            {content.trim() === "" ? (
              <p className="text-muted-foreground text-sm">{readOnly ? "" : "Double-click to write."}</p>
            ) : (
              <NoteText content={content} />
            )}
          </div>
        )}
      </section>
      {selected && !readOnly && !editing ? (
        <div
          role="toolbar"
          aria-label="Note"
          className="nodrag nopan -top-10 absolute left-0 flex items-center gap-1 rounded-md border border-border bg-popover p-1 shadow-sm"
        >
          {NOTE_COLORS.map(({ name, className }, index) => (
            <button
              key={name}
              type="button"
              aria-label={name}
              aria-pressed={color === index + 1}
              title={name}
              onClick={() => set({ color: index + 1 })}
              className={cn(
                "size-5 cursor-pointer rounded-full border outline-none focus-visible:ring-2 focus-visible:ring-ring aria-pressed:ring-2 aria-pressed:ring-ring",
                className,
              )}
            />
          ))}
          <button
            type="button"
            aria-label="Delete the note"
            title="Delete the note"
            onClick={() => store.getState().apply({ type: "removeNodes", nodeIds: [id] })}
            className="ml-1 grid size-6 cursor-pointer place-items-center rounded text-muted-foreground outline-none hover:bg-hover hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring [&>svg]:size-3.5"
          >
            <Trash2 aria-hidden="true" />
          </button>
        </div>
      ) : null}
    </>
  );
}

/** The text itself; leaving it keeps what was written, Escape does not. */
function NoteEditor({ content, onDone }: { content: string; onDone: (text: string | null) => void }) {
  const [text, setText] = useState(content);
  const field = useRef<HTMLTextAreaElement>(null);
  const over = useRef(false);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const done = (result: string | null) => {
    if (over.current) return;
    over.current = true;
    onDone(result);
  };
  return (
    <textarea
      ref={field}
      aria-label="Text of the note (Markdown)"
      value={text}
      maxLength={50_000}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => done(text)}
      onKeyDown={(event) => {
        if (event.key === "Escape") done(null);
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done(text);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      className="nodrag nopan nowheel size-full resize-none bg-transparent p-3 font-mono text-sm leading-5 outline-none"
    />
  );
}

export const NoteCard = memo(Note, (a, b) => a.id === b.id && a.data.node === b.data.node && a.selected === b.selected);
