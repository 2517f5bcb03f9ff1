"use client";
import { useState } from "react";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { ResizeHandle } from "@/components/ui/resize-handle";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import type { VisitView } from "@/flow/execution/reduce";
import { isTerminal } from "@/flow/execution/status";
import { useStep } from "../detail/use-step";
import { elapsed, formatCount, formatDuration, STATUS_LABELS } from "../format";
import { useFeed, useRun } from "../live/run-context";
import { NodeIcon } from "../node-icon";
import { nodeOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { StatusIcon } from "../status-icon";
import { ApprovalPanel } from "./approval-panel";
import { Decisions } from "./decision-panel";
import { ExecutionLogs } from "./execution-logs";

const WIDTH = { min: 240, max: 560, initial: 320 };
const WIDTH_KEY = "tolstoy:timeline-width";
const FIRST = 200;

/** The execution's steps in order, its error and the decisions that it waits for. */
export function Timeline() {
  const view = useFeed((state) => state.view);
  const [width, setWidth] = useState(() => Number(localStorage.getItem(WIDTH_KEY)) || WIDTH.initial);
  const [shown, setShown] = useState(FIRST);
  const [tab, setTab] = useState<"steps" | "logs">("steps");
  const visits = view ? [...view.visits.values()] : [];
  const waiting = visits.filter((visit) => visit.status === "waiting");
  const started = view?.execution.startedAt ?? null;
  const end = visits.reduce((latest, visit) => Math.max(latest, visit.finishedAt ? Date.parse(visit.finishedAt) : 0), 0);
  const total = started ? Math.max(1, end - Date.parse(started)) : 1;
  return (
    <>
      <div className="flex max-md:hidden">
        <ResizeHandle
          label="Width of the steps"
          side="right"
          value={width}
          {...WIDTH}
          onChange={(next) => {
            localStorage.setItem(WIDTH_KEY, String(next));
            setWidth(next);
          }}
        />
      </div>
      <aside
        aria-label="Steps"
        style={{ "--timeline-width": `${width}px` } as React.CSSProperties}
        className="flex min-h-0 shrink-0 flex-col gap-3 overflow-y-auto bg-background p-3 max-md:h-2/5 max-md:border-border max-md:border-t md:w-(--timeline-width)"
      >
        {view?.execution.error ? <ExecutionError error={view.execution.error} /> : null}
        {view && !isTerminal(view.execution.status) ? <PendingDecisions executionId={view.execution.id} /> : null}
        {waiting.map((visit) => (
          <Approval key={visit.key} visit={visit} />
        ))}
        <Segmented
          label="What is listed"
          className="self-start"
          value={tab}
          options={[
            { value: "steps", label: view ? formatCount(visits.length, "step") : "Steps" },
            { value: "logs", label: "Logs" },
          ]}
          onChange={setTab}
        />
        {view ? null : <StepsSkeleton />}
        {view && tab === "logs" ? <ExecutionLogs execution={view.execution} /> : null}
        {tab === "logs" ? null : (
          <ol aria-label="Steps" className="grid grid-cols-1 gap-0.5">
            {visits.slice(0, shown).map((visit) => (
              <Step
                key={visit.key}
                visit={visit}
                from={started && visit.startedAt ? Math.max(0, Date.parse(visit.startedAt) - Date.parse(started)) / total : 0}
                share={(elapsed(visit.startedAt, visit.finishedAt) ?? 0) / total}
              />
            ))}
          </ol>
        )}
        {tab === "steps" && visits.length > shown ? (
          <Button size="sm" onClick={() => setShown(shown + FIRST)}>{`Show more (${visits.length - shown} left)`}</Button>
        ) : null}
        {tab === "steps" && view && visits.length === 0 ? <p className="px-1 text-muted-foreground text-sm">No step has run yet.</p> : null}
      </aside>
    </>
  );
}

function StepsSkeleton() {
  return (
    <div aria-busy="true" className="grid gap-3 px-1.5 py-1.5">
      {["w-24", "w-40", "w-32"].map((width) => (
        <div key={width} className="flex h-8 items-center gap-2">
          <Skeleton className="size-6 rounded-md" />
          <Skeleton className={`h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}

function Step({ visit, from, share }: { visit: VisitView; from: number; share: number }) {
  const { definitionOf } = useEditorEnvironment();
  const node = useEditor((state) => nodeOf(state.graph, visit.nodeId));
  const openNode = useEditor((state) => state.openNode);
  const count = visit.counts?.reduce((sum, each) => sum + each, 0);
  const took = elapsed(visit.startedAt, visit.finishedAt);
  return (
    <li>
      <button
        type="button"
        onClick={() => openNode(visit.nodeId, visit.runIndex)}
        className="grid w-full grid-cols-1 cursor-pointer gap-1 rounded-md px-1.5 py-1.5 text-left outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring"
      >
        <span className="flex items-center gap-2">
          <NodeIcon definition={node && definitionOf(node.type)} className="size-6 rounded-md" />
          <span className="min-w-0 flex-1 truncate font-medium text-sm">
            {node?.name ?? visit.nodeId}
            {visit.runIndex > 0 ? <span className="font-normal text-muted-foreground">{` · run ${visit.runIndex + 1}`}</span> : null}
          </span>
          <span className="shrink-0 text-muted-foreground text-xs tabular-nums">
            {took === null ? STATUS_LABELS[visit.status] : formatDuration(took)}
          </span>
          <StatusIcon status={visit.status} />
        </span>
        <span className="flex items-center gap-2 pl-8">
          <span aria-hidden="true" className="relative h-1 flex-1 overflow-hidden rounded-full bg-subtle">
            <span
              className="absolute inset-y-0 min-w-0.5 rounded-full bg-info/60"
              style={{ left: `${Math.min(99, from * 100)}%`, width: `${Math.min(100, share * 100)}%` }}
            />
          </span>
          <span className="shrink-0 text-muted-foreground text-xs tabular-nums">
            {[
              visit.attempt > 1 && `attempt ${visit.attempt}`,
              visit.status === "succeeded" && count !== undefined && formatCount(count, "item"),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </span>
        {visit.error ? <span className="line-clamp-2 pl-8 text-destructive-text text-xs">{visit.error.message}</span> : null}
      </button>
    </li>
  );
}

function ExecutionError({ error }: { error: { nodeId: string | null; nodeName: string | null; message: string } }) {
  const openNode = useEditor((state) => state.openNode);
  return (
    <section
      role="alert"
      aria-label="Error"
      className="grid gap-1.5 rounded-lg border border-destructive/30 bg-destructive-soft p-3 text-sm"
    >
      <p className="font-medium text-destructive-text">{error.nodeName ? `Failed at “${error.nodeName}”` : "The execution failed"}</p>
      <p className="whitespace-pre-wrap break-words text-sm">{error.message}</p>
      {error.nodeId ? (
        <Button size="sm" className="justify-self-start" onClick={() => openNode(error.nodeId)}>
          Show its data
        </Button>
      ) : null}
    </section>
  );
}

function PendingDecisions({ executionId }: { executionId: string }) {
  const graph = useEditor((state) => state.graph);
  const mayDecide = useCan("editor");
  const nameOf = (nodeId: string) => graph.nodes.find(({ id }) => id === nodeId)?.name ?? nodeId;
  return <Decisions executionId={executionId} nameOf={nameOf} mayDecide={mayDecide} />;
}

function Approval({ visit }: { visit: VisitView }) {
  const { executionId } = useRun();
  const mayDecide = useCan("editor");
  const { data } = useStep(executionId, visit);
  if (!mayDecide || !executionId || data?.status !== "waiting" || data.suspend?.kind !== "event" || data.suspend.form !== "approval")
    return null;
  return <ApprovalPanel executionId={executionId} stepKey={visit.key} nodeName={data.nodeName} message={data.suspend.message} />;
}
