"use client";
import type { NodeProps } from "@xyflow/react";
import { StickyNote, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, memo, useState } from "react";
import { cn } from "@/components/ui/cn";
import { elapsed, formatCount, formatDuration, STATUS_LABELS } from "../format";
import type { NodeRunStatus } from "../live/node-status";
import { NodeIcon } from "../node-icon";
import { nodeIssues } from "../node-issues";
import { type CanvasNode, portsOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment, useNodeStatus } from "../state/editor-context";
import { StatusIcon } from "../status-icon";
import { nodeHeight } from "./geometry";
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
export function nodeLabel(name: string, disabled: boolean, status: NodeRunStatus | undefined): string {
  const items = status?.counts.reduce((sum, count) => sum + count, 0);
  return [
    name,
    disabled && "disabled",
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
        aria-label={nodeLabel(node.name, disabled, status)}
        aria-roledescription="node"
        aria-pressed={selected}
        data-node-id={id}
        onKeyDown={onKeyDown}
        style={{ height }}
        className={cn(
          "flex w-full cursor-default items-center gap-2.5 rounded-xl border bg-raised px-3 text-left shadow-xs outline-none transition-[border-color,box-shadow] duration-150",
          "hover:shadow-sm focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-canvas",
          definition?.trigger && "rounded-l-[32px] pl-4",
          status && !disabled ? (RINGS[status.status] ?? "border-border") : "border-border",
          disabled && "border-dashed bg-subtle opacity-60",
          selected && "ring-2 ring-ring/70",
        )}
      >
        <NodeIcon definition={definition} className={disabled ? "grayscale" : undefined} />
        <span className="min-w-0 flex-1">
          <span className={cn("block truncate font-medium text-sm leading-5", renaming && "invisible", disabled && "line-through")}>
            {node.name}
          </span>
          {subtitle ? <span className="block truncate text-muted-foreground text-xs">{subtitle}</span> : null}
        </span>
        {issues.length > 0 ? (
          <span title={issues.map((issue) => `${issue.field}: ${issue.message}`).join("\n")} className="shrink-0 text-warning-text">
            <TriangleAlert role="img" aria-label={formatCount(issues.length, "problem")} className="size-4" />
          </span>
        ) : null}
        {node.notes ? <StickyNote aria-label="Has notes" role="img" className="size-3.5 shrink-0 text-muted-foreground" /> : null}
      </button>
      {renaming ? <RenameField node={node} /> : null}
      {status ? <RunMarks status={status} /> : null}
      <NodePorts node={node} ports={ports} height={height} status={status} />
      {hovered && !readOnly ? <NodeToolbar node={node} /> : null}
    </div>
  );
}

function RunMarks({ status }: { status: NodeRunStatus }) {
  const retries = status.attempt > 1 ? `try ${status.attempt}` : null;
  const wait = status.status === "queued" && status.wakeAt ? elapsed(new Date().toISOString(), status.wakeAt) : null;
  return (
    <>
      <StatusIcon status={status.status} className="-top-1.5 -right-1.5 absolute size-[18px] ring-2 ring-canvas" />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute top-full right-1 mt-1 whitespace-nowrap text-[11px] text-muted-foreground tabular-nums"
      >
        {[
          status.runs > 1 && `${status.runs} runs`,
          retries,
          wait !== null && `again in ${formatDuration(wait)}`,
          status.durationMs !== null && formatDuration(status.durationMs),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </>
  );
}

/** Renders again for its own node's data and selection only: a drag changes positions many times a second. */
export const NodeCard = memo(Card, (a, b) => a.id === b.id && a.data.node === b.data.node && a.selected === b.selected);
