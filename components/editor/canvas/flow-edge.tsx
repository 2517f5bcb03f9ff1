"use client";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, getSmoothStepPath, useStore } from "@xyflow/react";
import { Plus, Trash2 } from "lucide-react";
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { formatCount } from "../format";
import { type CanvasEdge, nodeOf, portsOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment, useOutputCount } from "../state/editor-context";
import { FAR } from "./node-ports";

const BUTTON =
  "grid size-6 cursor-pointer place-items-center rounded-md border border-input bg-raised text-muted-foreground shadow-xs outline-none hover:border-ring hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring [&>svg]:size-3.5";

/** A connection: how many items went over it, and on approach the buttons to insert a node and to delete it. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<CanvasEdge>) {
  const { id, source, target, sourceHandleId, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected } = props;
  const { definitionOf, readOnly } = useEditorEnvironment();
  const sourceNode = useEditor((state) => nodeOf(state.graph, source));
  const targetName = useEditor((state) => nodeOf(state.graph, target)?.name);
  const apply = useEditor((state) => state.apply);
  const openPicker = useEditor((state) => state.openPicker);
  const handleIndex = sourceNode ? portsOf(sourceNode, definitionOf).outputs.findIndex((port) => port.name === sourceHandleId) : -1;
  const count = useOutputCount(source, handleIndex);
  const isFar = useStore((state) => state.transform[2] < FAR);

  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  // A loop back to an earlier node goes around the cards instead of through them.
  const backwards = targetX < sourceX - 20;
  const [path, x, y] = backwards
    ? getSmoothStepPath({ ...ends, borderRadius: 16, offset: 32, centerY: Math.max(sourceY, targetY) + 90 })
    : getBezierPath(ends);
  const name = `${sourceNode?.name ?? "?"} to ${targetName ?? "?"}`;

  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={24}
        style={{ strokeWidth: selected ? 2.5 : 1.75, stroke: selected ? "var(--ring)" : count ? "var(--success)" : "var(--edge)" }}
      />
      {isFar ? null : (
        <EdgeLabelRenderer>
          <div
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            className="nodrag nopan group pointer-events-auto absolute flex min-h-8 min-w-14 items-center justify-center"
          >
            {count === undefined ? null : (
              <span
                className={cn(
                  "rounded bg-canvas px-1.5 text-[11px] text-muted-foreground tabular-nums",
                  !readOnly && "group-focus-within:hidden group-hover:hidden",
                )}
              >
                {formatCount(count, "item")}
              </span>
            )}
            {readOnly ? null : (
              <span
                className={cn(
                  "flex gap-1 transition-opacity duration-100",
                  count === undefined
                    ? cn("group-focus-within:opacity-100 group-hover:opacity-100", selected ? "opacity-100" : "opacity-0")
                    : "sr-only group-focus-within:not-sr-only group-hover:not-sr-only group-focus-within:flex! group-hover:flex!",
                )}
              >
                <button
                  type="button"
                  className={BUTTON}
                  aria-label={`Insert a node from ${name}`}
                  title="Insert a node"
                  onClick={() => openPicker({ kind: "edge", edgeId: id })}
                >
                  <Plus aria-hidden="true" />
                </button>
                <button
                  type="button"
                  className={BUTTON}
                  aria-label={`Delete the connection from ${name}`}
                  title="Delete the connection"
                  onClick={() => apply({ type: "disconnect", edgeIds: [id] })}
                >
                  <Trash2 aria-hidden="true" />
                </button>
              </span>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
