"use client";
import { Play, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useRef } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { overlayClasses } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { Tooltip } from "@/components/ui/tooltip";
import type { GraphNode } from "@/flow/graph/schema";
import { elapsed, formatDuration, STATUS_LABELS } from "../format";
import { NodeIcon } from "../node-icon";
import { nodeOf, portsOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { StatusIcon } from "../status-icon";
import { useRunActions } from "../top-bar/run-actions";
import { DetailColumns } from "./detail-columns";
import { NodeName } from "./node-name";
import type { NodeData } from "./use-node-data";

/** The open node: what came in, what it is told to do, what came out. */
export function NodeDetail() {
  const openNodeId = useEditor((state) => state.openNodeId);
  const openNode = useEditor((state) => state.openNode);
  const node = useEditor((state) => (openNodeId === null ? undefined : nodeOf(state.graph, openNodeId)));
  const actions = useRunActions();
  const lastOpen = useRef(openNodeId);
  if (openNodeId !== null) lastOpen.current = openNodeId;
  return (
    <Dialog.Root open={node !== undefined} onOpenChange={(open) => open || openNode(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlayClasses} />
        <Dialog.Content
          aria-describedby={undefined}
          // Before a field takes the keys for a line break.
          onKeyDownCapture={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !actions || actions.pending || !openNodeId) return;
            event.preventDefault();
            event.stopPropagation();
            actions.testStep(openNodeId);
          }}
          onEscapeKeyDown={(event) => {
            // Escape first closes suggestions and takes back a half-typed name.
            if (document.querySelector(".cm-tooltip-autocomplete") || document.activeElement?.hasAttribute("data-keeps-escape"))
              event.preventDefault();
          }}
          // The first control is a header's: whoever opens a node wants its parameters or its data.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement | null)?.focus();
          }}
          onCloseAutoFocus={(event) => {
            // By now the node is closed: back to its card.
            const card = document.querySelector<HTMLElement>(`[data-node-id="${CSS.escape(lastOpen.current ?? "")}"]`);
            if (!card) return;
            event.preventDefault();
            card.focus({ preventScroll: true });
          }}
          className="fixed inset-2 z-50 flex flex-col overflow-hidden rounded-xl border border-border bg-background shadow-pop outline-none sm:inset-5"
        >
          {node ? <DetailBody key={node.id} node={node} /> : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function DetailBody({ node }: { node: GraphNode }) {
  return <DetailColumns node={node} header={(data) => <Header node={node} data={data} />} />;
}

function Header({ node, data }: { node: GraphNode; data: NodeData }) {
  const { definitionOf } = useEditorEnvironment();
  const definition = definitionOf(node.type);
  const { visits, visit, selectRun } = data;
  const actions = useRunActions();
  const ports = portsOf(node, definitionOf);
  const testable = ports.inputs.length + ports.outputs.length > 0;
  const took = visit ? elapsed(visit.startedAt, visit.finishedAt) : null;
  return (
    <header className="flex h-13 shrink-0 items-center gap-3 border-border border-b px-4">
      <NodeIcon definition={definition} className="size-8" />
      <div className="min-w-0 flex-1">
        <Dialog.Title asChild>
          <h2 className="truncate font-semibold text-base leading-5">
            <NodeName node={node} />
          </h2>
        </Dialog.Title>
        {definition?.name === node.name ? null : (
          <p className="truncate text-muted-foreground text-xs leading-4">{definition?.name ?? `Unknown type ${node.type}`}</p>
        )}
      </div>
      {node.disabled ? <Badge>Disabled</Badge> : null}
      {visits.length > 1 && visit ? (
        <Choice
          aria-label="Run"
          className="w-36"
          value={String(visit.runIndex)}
          options={visits.map(({ runIndex }) => ({ value: String(runIndex), label: `Run ${runIndex + 1} of ${visits.length}` }))}
          onChange={(value) => selectRun(Number(value))}
        />
      ) : null}
      {visit ? (
        <span className="flex shrink-0 items-center gap-2 whitespace-nowrap text-sm">
          <StatusIcon status={visit.status} />
          <span className="max-sm:sr-only">{STATUS_LABELS[visit.status]}</span>
          {took === null ? null : <span className="text-muted-foreground tabular-nums">{formatDuration(took)}</span>}
          {visit.attempt > 1 ? <Badge tone="warning">{`Attempt ${visit.attempt}`}</Badge> : null}
        </span>
      ) : null}
      {actions && testable ? (
        <Tooltip
          content={
            <>
              Run this node, and before it only what it needs <Kbd>Ctrl ⏎</Kbd>
            </>
          }
        >
          <Button variant="primary" pending={actions.pending} onClick={() => actions.testStep(node.id)}>
            <Play aria-hidden="true" />
            <span className="max-sm:sr-only">Test step</span>
          </Button>
        </Tooltip>
      ) : null}
      <Dialog.Close asChild>
        <Button variant="ghost" size="icon" aria-label="Close">
          <X aria-hidden="true" />
        </Button>
      </Dialog.Close>
    </header>
  );
}
