import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { EditorState, type Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Completions } from "../form-context";
import { completeTemplate } from "./complete";
import { sourceBefore, templateParts } from "./template-parts";

const WHOLE = Decoration.mark({ class: "cm-template" });
const BROKEN = Decoration.mark({ class: "cm-template-broken" });

function decorate(view: EditorView): DecorationSet {
  return Decoration.set(templateParts(view.state.doc.toString()).map(({ from, to, closed }) => (closed ? WHOLE : BROKEN).range(from, to)));
}

const highlight = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** A closing brace that is there already is stepped over, whoever put it there. */
const stepOverBrace = EditorView.inputHandler.of((view, from, to, text) => {
  if (text !== "}" || from !== to || view.state.sliceDoc(from, from + 1) !== "}") return false;
  if (sourceBefore(view.state.doc.toString(), from) === null && view.state.sliceDoc(from - 1, from) !== "}") return false;
  view.dispatch({ selection: { anchor: from + 1 }, userEvent: "input.type" });
  return true;
});

/** An editor for text with `{{ … }}` parts. One line unless `multiline`. */
export function templateExtensions(options: {
  multiline: boolean;
  placeholder?: string | undefined;
  completions: () => Completions;
}): Extension {
  return [
    history(),
    stepOverBrace,
    closeBrackets(),
    highlight,
    autocompletion({ override: [(context) => completeTemplate(context, options.completions())], icons: false }),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...(options.multiline ? [{ key: "Enter", run: insertNewlineAndIndent }] : []),
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.lineWrapping,
    ...(options.placeholder ? [placeholder(options.placeholder)] : []),
    // A line break in a one-line field would be invisible and end up in the value.
    ...(options.multiline
      ? []
      : [
          EditorState.transactionFilter.of((transaction) =>
            transaction.docChanged &&
            transaction.newDoc.lines > 1 &&
            transaction.startState.doc.lines === 1 &&
            transaction.isUserEvent("input.type")
              ? []
              : transaction,
          ),
        ]),
  ];
}
