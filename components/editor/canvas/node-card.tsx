"use client";
import type { NodeProps } from "@xyflow/react";
import { Pin, StickyNote, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, memo, useState } from "react";
import { cn } from "@/components/ui/cn";
import { elapsed, formatCount, formatDuration, STATUS_LABELS } from "../format";
import type { NodeRunStatus } from "../live/node-status";
import { NodeIcon } from "../node-icon";
import { nodeIssues } from "../node-issues";
import { type CanvasNode, portsOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment, useNodeStatus } from "../state/editor-context";
import { StatusIcon } from "../status-icon";
import { LABEL_WIDTH, nodeHeight } from "./geometry";
import { NodePorts } from "./node-ports";
import { NodeToolbar } from "./node-toolbar";
import { RenameField } from "./rename-field";
import { subtitleOf } from "./subtitle";

const RINGS: Partial<Record<NodeRunStatus["status"], string>> = {
  running: "border-info",
  waiting: "border-warning",
  queued: "border-info/50",
  succeeded: "border-success",
  failed: "border-destructive",
};

/** What a screen reader says of a node, and what tests find it by: name, state, items, time. */
export function nodeLabel(name: string, disabled: boolean, status: NodeRunStatus | undefined, pinned = false): string {
  const items = status?.counts.reduce((sum, count) => sum + count, 0);
  return [
    name,
    disabled && "disabled",
    pinned && "pinned",
    status && STATUS_LABELS[status.status]?.toLowerCase(),
    status?.status === "succeeded" && items !== undefined && formatCount(items, "item"),
    status?.durationMs != null && formatDuration(status.durationMs),
  ]
    .filter(Boolean)
    .join(", ");
}

function Card({ id, data: { node }, selected }: NodeProps<CanvasNode>) {
  const { definitionOf, readOnly } = useEditorEnvironment();
  const openNode = useEditor((state) => state.openNode);
  const renaming = useEditor((state) => state.renamingNodeId === id);
  const status = useNodeStatus(id);
  const [hovered, setHovered] = useState(false);
  const definition = definitionOf(node.type);
  const ports = portsOf(node, definitionOf);
  const height = nodeHeight(ports.inputs.length, ports.outputs.length);
  const subtitle = definition ? subtitleOf(definition, node.parameters) : `Unknown type ${node.type}`;
  const issues = readOnly ? [] : nodeIssues(node, definitionOf);
  const disabled = node.disabled ?? false;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openNode(id);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only reveals what the keyboard reaches by shortcuts
    <div className="relative size-full" onMouseEnter={() => setHovered(true)} onMouseLeave={() => setHovered(false)}>
      <button
        type="button"
        aria-label={nodeLabel(node.name, disabled, status, node.pinned !== undefined)}
        aria-roledescription="node"
        aria-pressed={selected}
        data-node-id={id}
        onKeyDown={onKeyDown}
        style={{ height }}
        className={cn(
          "grid w-full cursor-default place-items-center rounded-xl border-[1.5px] bg-raised shadow-xs outline-none transition-[border-color,box-shadow] duration-150",
          "hover:shadow-sm focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-canvas",
          definition?.trigger && "rounded-l-[40px]",
          status && !disabled ? (RINGS[status.status] ?? "border-input") : "border-input",
          disabled && "border-dashed bg-subtle opacity-60",
          selected && "ring-3 ring-ring/45",
        )}
      >
        <NodeIcon definition={definition} className={cn("size-12 rounded-xl", disabled && "grayscale")} />
      </button>
      {issues.length > 0 ? (
        <span
          title={issues.map((issue) => `${issue.field}: ${issue.message}`).join("\n")}
          className="pointer-events-none absolute bottom-1 left-1.5 text-warning-text"
        >
          <TriangleAlert role="img" aria-label={formatCount(issues.length, "problem")} className="size-4" />
        </span>
      ) : null}
      {node.pinned ? (
        <span title="Its data is pinned" className="pointer-events-none absolute top-1 right-1 text-info-text">
          <Pin aria-hidden="true" className="size-3.5" />
        </span>
      ) : null}
      {node.notes ? (
        <span title={node.notes} className="pointer-events-none absolute top-1 left-1.5 text-muted-foreground">
          <StickyNote aria-label="Has notes" role="img" className="size-3.5" />
        </span>
      ) : null}
      <div
        aria-hidden="true"
        style={{ width: LABEL_WIDTH }}
        className="-translate-x-1/2 pointer-events-none absolute top-full left-1/2 mt-1.5 text-center"
      >
        <span
          className={cn(
            "line-clamp-2 break-words font-medium text-sm leading-4.5",
            renaming && "invisible",
            disabled && "line-through opacity-70",
          )}
        >
          {node.name}
        </span>
        {subtitle ? <span className="block truncate text-[11px] text-muted-foreground leading-4">{subtitle}</span> : null}
      </div>
      {renaming ? <RenameField node={node} /> : null}
      {status ? <RunMarks status={status} /> : null}
      <NodePorts node={node} ports={ports} height={height} />
      {hovered && !readOnly ? <NodeToolbar node={node} /> : null}
    </div>
  );
}

/** The status on the card's corner; runs, retries and time above it. */
function RunMarks({ status }: { status: NodeRunStatus }) {
  const wait = status.status === "queued" && status.wakeAt ? elapsed(new Date().toISOString(), status.wakeAt) : null;
  const text = [
    status.runs > 1 && `${status.runs} runs`,
    status.attempt > 1 && `try ${status.attempt}`,
    wait !== null && `again in ${formatDuration(wait)}`,
    status.durationMs !== null && formatDuration(status.durationMs),
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <>
      <StatusIcon status={status.status} className="pointer-events-none absolute right-1 bottom-1 size-4.5" />
      <span
        aria-hidden="true"
        className="-translate-x-1/2 pointer-events-none absolute bottom-full left-1/2 mb-1 whitespace-nowrap text-[11px] text-muted-foreground tabular-nums"
      >
        {text}
      </span>
    </>
  );
}

/** Renders again for its own node's data and selection only: a drag changes positions many times a second. */
export const NodeCard = memo(Card, (a, b) => a.id === b.id && a.data.node === b.data.node && a.selected === b.selected);
