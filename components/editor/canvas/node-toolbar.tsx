"use client";
import { Copy, Play, Power, SquareArrowOutUpRight, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { GraphNode } from "@/flow/graph/schema";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { fragmentOf, pasteFragment } from "../state/edits";
import { useRunActions } from "../top-bar/run-actions";

/** What can be done with the node under the pointer; each has a shortcut too. */
export function NodeToolbar({ node }: { node: GraphNode }) {
  const { store } = useEditorEnvironment();
  const apply = useEditor((state) => state.apply);
  const openNode = useEditor((state) => state.openNode);
  const actions = useRunActions();
  const duplicate = () => {
    const { graph } = store.getState();
    const { operation, nodeIds } = pasteFragment(graph, fragmentOf(graph, new Set([node.id])));
    apply(operation, { select: nodeIds });
  };
  return (
    <div className="nodrag nopan -translate-x-1/2 absolute bottom-full left-1/2 z-10 flex h-9 items-start">
      <div className="flex rounded-md border border-border bg-popover p-0.5 shadow-sm">
        {actions ? (
          <Action label={`Test ${node.name}`} onClick={() => actions.testStep(node.id)}>
            <Play />
          </Action>
        ) : null}
        <Action label={`Open ${node.name}`} onClick={() => openNode(node.id)}>
          <SquareArrowOutUpRight />
        </Action>
        <Action
          label={`${node.disabled ? "Enable" : "Disable"} ${node.name}`}
          onClick={() => apply({ type: "setDisabled", nodeIds: [node.id], disabled: !node.disabled })}
        >
          <Power />
        </Action>
        <Action label={`Duplicate ${node.name}`} onClick={duplicate}>
          <Copy />
        </Action>
        <Action label={`Delete ${node.name}`} onClick={() => apply({ type: "removeNodes", nodeIds: [node.id] })}>
          <Trash2 />
        </Action>
      </div>
    </div>
  );
}

function Action({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
      className="grid size-6 cursor-pointer place-items-center rounded text-muted-foreground hover:bg-hover hover:text-foreground [&>svg]:size-3.5"
    >
      {children}
    </button>
  );
}
