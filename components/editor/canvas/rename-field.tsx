"use client";
import { useEffect, useRef, useState } from "react";
import { toast } from "@/components/ui/toast";
import type { GraphNode } from "@/flow/graph/schema";
import { useEditor } from "../state/editor-context";

/** The node's name as a field over its card: Enter or leaving keeps it, Escape does not. */
export function RenameField({ node }: { node: GraphNode }) {
  const apply = useEditor((state) => state.apply);
  const startRenaming = useEditor((state) => state.startRenaming);
  const [name, setName] = useState(node.name);
  const field = useRef<HTMLInputElement>(null);
  const finished = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const finish = (keep: boolean) => {
    if (finished.current) return;
    finished.current = true;
    const wanted = name.trim();
    if (keep && wanted !== "" && wanted !== node.name) {
      const problem = apply({ type: "renameNode", nodeId: node.id, name: wanted });
      if (problem) toast.error("The node keeps its name", { description: problem });
    }
    startRenaming(null);
  };

  return (
    <input
      ref={field}
      aria-label={`New name of ${node.name}`}
      value={name}
      maxLength={200}
      onChange={(event) => setName(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") finish(false);
      }}
      className="nodrag nopan -translate-x-1/2 absolute top-full left-1/2 mt-1 h-7 w-44 rounded-md text-center border border-ring bg-field px-2 font-medium text-sm shadow-sm outline-none"
    />
  );
}
