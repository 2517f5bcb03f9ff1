"use client";
import { json } from "@codemirror/lang-json";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/form-field";
import type { GraphNode } from "@/flow/graph/schema";
import { codeExtensions } from "../inspector/controls/code-extensions";
import { CodeMirror } from "../inspector/expression/code-mirror";
import { useEditorEnvironment } from "../state/editor-context";
import { pinnedText, readPinnedText } from "./pinned-items";

const EXTENSIONS = codeExtensions(json());

/** Writes what a node shall give in runs from the editor. */
export function PinEditor({ node, initial, onClose }: { node: GraphNode; initial: string | null; onClose: () => void }) {
  const { store } = useEditorEnvironment();
  const [text, setText] = useState(() => (node.pinned ? pinnedText(node.pinned) : (initial ?? '[\n  {\n    "name": "value"\n  }\n]')));
  const read = readPinnedText(text, node.pinned);
  const wrong = "error" in read ? read.error : null;
  return (
    <div className="grid grid-cols-1 gap-2">
      <CodeMirror
        value={text}
        onChange={setText}
        label={`Pinned data of ${node.name} (JSON)`}
        invalid={wrong !== null}
        extensions={EXTENSIONS}
        className="overflow-hidden rounded-md border border-input bg-field shadow-xs focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/30 [&_.cm-editor]:max-h-[55vh] [&_.cm-editor]:min-h-48"
      />
      {wrong === null ? (
        <p className="text-muted-foreground text-xs">An object is one item, a list one item for each element.</p>
      ) : (
        <FieldError>{wrong}</FieldError>
      )}
      <div className="flex justify-end gap-2">
        <Button size="sm" onClick={onClose}>
          Cancel
        </Button>
        <Button
          size="sm"
          variant="primary"
          disabled={wrong !== null}
          onClick={() => {
            if ("error" in read) return;
            store.getState().apply({ type: "setPinned", nodeId: node.id, pinned: read.pinned });
            onClose();
          }}
        >
          Pin this data
        </Button>
      </div>
    </div>
  );
}
