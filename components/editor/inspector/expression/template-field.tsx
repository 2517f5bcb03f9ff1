"use client";
import type { EditorView } from "@codemirror/view";
import { type DragEvent, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { EXPRESSION_DRAG_TYPE, type Preview, useForm } from "../form-context";
import { CodeMirror } from "./code-mirror";
import { shownValue } from "./shown-value";
import { templateExtensions } from "./template-extensions";

/** A field that holds an expression: text with `{{ … }}` parts, and below it what it comes to for the current item. */
export function TemplateField({
  value,
  onChange,
  label,
  multiline,
  placeholder,
  describedBy,
  invalid,
  autoFocus,
  roots,
}: {
  /** With the leading `=`. */
  value: string;
  onChange: (value: string) => void;
  label: string;
  multiline: boolean;
  placeholder?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean;
  autoFocus?: boolean;
  /** What the field knows besides what all expressions know: its result is known to the node alone, so none is shown. */
  roots?: Readonly<Record<string, string>> | undefined;
}) {
  const form = useForm();
  const preview: Preview | null = roots ? null : form.preview(value);
  const view = useRef<EditorView | null>(null);
  const completions = useRef(form.completions);
  completions.current = roots ? { ...form.completions, roots } : form.completions;
  const [extensions] = useState(() => templateExtensions({ multiline, placeholder, completions: () => completions.current }));

  const onDrop = (event: DragEvent) => {
    const source = event.dataTransfer.getData(EXPRESSION_DRAG_TYPE);
    const editor = view.current;
    if (source === "" || !editor) return;
    event.preventDefault();
    event.stopPropagation();
    const at = editor.posAtCoords({ x: event.clientX, y: event.clientY }, false);
    editor.dispatch({ changes: { from: at, insert: `{{ ${source} }}` }, selection: { anchor: at + source.length + 6 } });
    editor.focus();
  };

  return (
    <div className="grid grid-cols-1 gap-1">
      <div
        onDropCapture={onDrop}
        className={cn(
          "flex rounded-md border border-input bg-field shadow-xs focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/30",
          invalid && "border-destructive",
        )}
      >
        <span
          aria-hidden="true"
          className="grid w-6 shrink-0 place-items-center rounded-l-md border-input border-r bg-subtle font-mono text-muted-foreground text-xs"
        >
          =
        </span>
        <CodeMirror
          value={value.slice(1)}
          onChange={(text) => onChange(`=${text}`)}
          label={label}
          describedBy={describedBy}
          invalid={invalid}
          readOnly={form.readOnly}
          autoFocus={autoFocus}
          extensions={extensions}
          className={cn("min-w-0 flex-1", multiline && "[&_.cm-editor]:max-h-72 [&_.cm-editor]:min-h-20")}
          onView={(created) => {
            view.current = created;
          }}
        />
      </div>
      {/* What is wrong with the text itself is said below the field already. */}
      {!preview || (invalid && preview.kind === "error") ? null : <PreviewLine preview={preview} />}
    </div>
  );
}

function PreviewLine({ preview }: { preview: Preview }) {
  if (preview.kind === "loading") return <p className="h-4 truncate px-1 text-placeholder text-xs">…</p>;
  if (preview.kind === "none") return <p className="px-1 text-placeholder text-xs">{preview.reason}</p>;
  if (preview.kind === "error") {
    return (
      <p role="status" className="break-words px-1 text-destructive-text text-xs">
        {preview.message}
      </p>
    );
  }
  const { text, isEmpty } = shownValue(preview.value);
  return (
    <output
      aria-label="Result"
      className={cn("line-clamp-3 break-words px-1 font-mono text-xs", isEmpty ? "text-placeholder" : "text-success-text")}
    >
      {text}
    </output>
  );
}
