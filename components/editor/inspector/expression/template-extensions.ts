import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { EditorState, type Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Completions } from "../form-context";
import { completeTemplate } from "./complete";
import { templateParts } from "./template-parts";

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

/** An editor for text with `{{ … }}` parts. One line unless `multiline`. */
export function templateExtensions(options: {
  multiline: boolean;
  placeholder?: string | undefined;
  completions: () => Completions;
}): Extension {
  return [
    history(),
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
