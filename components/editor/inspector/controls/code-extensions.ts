import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--primary-text)" },
    { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--success-text)" },
    { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--warning-text)" },
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--info-text)" },
    { tag: [tags.comment], color: "var(--placeholder)", fontStyle: "italic" },
    { tag: [tags.invalid], color: "var(--destructive-text)" },
  ]),
);

/** An editor for code. Tab indents; Escape and then Tab leaves it, as the editor's own help says. */
export const codeExtensions = (grammar: Extension, hint?: string): Extension => [
  lineNumbers(),
  history(),
  bracketMatching(),
  closeBrackets(),
  indentOnInput(),
  highlightActiveLine(),
  autocompletion(),
  grammar,
  colours,
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
  EditorView.lineWrapping,
  ...(hint ? [placeholder(hint)] : []),
];
