"use client";
import { type Extension, Prec, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";

/** Colours and sizes of every text editor of the product, from its own tokens: one theme for light and dark. */
export const editorTheme = EditorView.theme({
  "&": { fontSize: "12.5px", backgroundColor: "transparent", color: "var(--foreground)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--font-mono)", caretColor: "var(--foreground)", padding: "6px 0" },
  ".cm-line": { padding: "0 10px" },
  ".cm-cursor": { borderLeftColor: "var(--foreground)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--ring) 26%, transparent) !important",
  },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--placeholder)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--row-hover)" },
  ".cm-placeholder": { color: "var(--placeholder)" },
  ".cm-tooltip": {
    backgroundColor: "var(--popover)",
    border: "1px solid var(--border)",
    borderRadius: "8px",
    boxShadow: "var(--shadow-pop)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", fontSize: "12px", maxHeight: "14em" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--hover)", color: "var(--foreground)" },
  ".cm-completionDetail": { color: "var(--muted-foreground)", fontStyle: "normal" },
  ".cm-template": { backgroundColor: "var(--success-soft)", color: "var(--success-text)", borderRadius: "3px", padding: "1px 0" },
  ".cm-template-broken": { backgroundColor: "var(--destructive-soft)", color: "var(--destructive-text)", borderRadius: "3px" },
});

export interface CodeMirrorProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  readOnly?: boolean;
  autoFocus?: boolean;
  /** Identity decides when they are applied anew. */
  extensions: Extension;
  className?: string;
  onView?: (view: EditorView | null) => void;
}

/** A CodeMirror editor as a controlled field. */
export function CodeMirror({
  value,
  onChange,
  label,
  describedBy,
  invalid,
  readOnly,
  autoFocus,
  extensions,
  className,
  onView,
}: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  // What the editor calls back is always today's: the editor itself lives longer than a render.
  const latest = useRef({ onChange, onView });
  latest.current = { onChange, onView };

  const attributes = EditorView.contentAttributes.of({
    "aria-label": label,
    ...(describedBy && { "aria-describedby": describedBy }),
    ...(invalid && { "aria-invalid": "true" }),
  });
  const configuration: Extension = [
    extensions,
    editorTheme,
    Prec.high(attributes),
    EditorView.editable.of(!readOnly),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((transaction) => transaction.isUserEvent("input.replace.outside")))
        latest.current.onChange(update.state.doc.toString());
    }),
  ];
  const initial = useRef({ configuration, value, autoFocus });

  useEffect(() => {
    if (!host.current) return;
    const created = new EditorView({
      parent: host.current,
      doc: initial.current.value,
      extensions: initial.current.configuration,
      // Between empty braces: that is where the typing goes on.
      selection: { anchor: initial.current.value.length - (initial.current.value.endsWith("{{}}") ? 2 : 0) },
    });
    view.current = created;
    latest.current.onView?.(created);
    if (initial.current.autoFocus) created.focus();
    return () => {
      latest.current.onView?.(null);
      view.current = null;
      created.destroy();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the configuration is made of exactly these
  useEffect(() => {
    view.current?.dispatch({ effects: StateEffect.reconfigure.of(configuration) });
  }, [extensions, label, describedBy, invalid, readOnly]);

  useEffect(() => {
    const current = view.current;
    if (!current || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value }, userEvent: "input.replace.outside" });
  }, [value]);

  return <div ref={host} className={className} />;
}
