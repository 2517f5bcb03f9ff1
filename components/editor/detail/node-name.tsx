"use client";
import { useState } from "react";
import { toast } from "@/components/ui/toast";
import type { GraphNode } from "@/flow/graph/schema";
import { useEditor, useEditorEnvironment } from "../state/editor-context";

/** The node's name, changed where it stands. References in expressions follow. */
export function NodeName({ node }: { node: GraphNode }) {
  const { readOnly } = useEditorEnvironment();
  const apply = useEditor((state) => state.apply);
  const [typed, setTyped] = useState<string | null>(null);
  if (readOnly) return node.name;
  const keep = () => {
    const name = typed?.trim() ?? "";
    setTyped(null);
    if (name === "" || name === node.name) return;
    const problem = apply({ type: "renameNode", nodeId: node.id, name });
    if (problem) toast.error("The node keeps its name", { description: problem });
  };
  return (
    <>
      <span className="sr-only">{node.name}</span>
      <input
        aria-label="Node name"
        title={node.name}
        value={typed ?? node.name}
        maxLength={200}
        data-keeps-escape={typed === null ? undefined : ""}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setTyped(null);
        }}
        className="-ml-1 w-full truncate rounded bg-transparent px-1 outline-none hover:bg-hover focus-visible:bg-field focus-visible:ring-2 focus-visible:ring-ring"
      />
    </>
  );
}
