"use client";
import { ExternalLink, Play, Square, X } from "lucide-react";
import Link from "next/link";
import { Duration } from "@/components/executions/duration";
import { Button } from "@/components/ui/button";
import { isTerminal } from "@/flow/execution/status";
import { STATUS_LABELS } from "../format";
import { useFeed, useRun } from "../live/run-context";
import { nodeOf } from "../state/canvas-elements";
import { useEditor } from "../state/editor-context";
import { StatusIcon } from "../status-icon";
import { useExecutionActions } from "./use-execution-actions";

/** How the run on the canvas stands, at its head: status, time, the error with its node, and the way to all of it. */
export function RunStatus({ onClear, onRetried }: { onClear: () => void; onRetried: (executionId: string) => void }) {
  const { executionId } = useRun();
  const execution = useFeed((state) => state.view?.execution);
  const connection = useFeed((state) => state.connection);
  const waiting = useFeed((state) => [...(state.view?.visits.values() ?? [])].find((visit) => visit.status === "waiting"));
  const waitingName = useEditor((state) => (waiting ? nodeOf(state.graph, waiting.nodeId)?.name : undefined));
  const openNode = useEditor((state) => state.openNode);
  const { cancel, resume, retry } = useExecutionActions(onRetried);
  if (!executionId || !execution) return null;
  const live = !isTerminal(execution.status);
  const failed = execution.error;
  return (
    <section
      aria-label="Run"
      // Not from the middle on: half of a narrow canvas would be all that it may take.
      className="absolute inset-x-4 top-3 z-10 mx-auto flex w-fit max-w-[min(46rem,calc(100%-2rem))] items-center gap-x-3 gap-y-2 rounded-xl border border-border bg-popover px-3 py-2 text-sm shadow-pop max-sm:flex-wrap"
    >
      <StatusIcon status={execution.status} className="size-5" />
      <p role="status" className="min-w-0 max-sm:flex-1 max-sm:basis-40">
        <span className="font-medium">{STATUS_LABELS[execution.status]}</span>{" "}
        <Duration
          from={execution.startedAt}
          to={execution.finishedAt}
          live={live}
          className="whitespace-nowrap text-muted-foreground tabular-nums"
        />
        {connection === "polling" && live ? <span className="ml-2 text-warning-text text-xs">Reconnecting…</span> : null}
        {failed ? (
          <span className="block truncate text-destructive-text text-xs">
            {failed.nodeName ? `${failed.nodeName}: ` : ""}
            {failed.message}
          </span>
        ) : null}
      </p>
      {failed?.nodeId ? (
        <Button size="sm" onClick={() => openNode(failed.nodeId)}>
          Show error
        </Button>
      ) : null}
      {waiting && waitingName && live ? (
        <Button size="sm" onClick={() => openNode(waiting.nodeId)}>{`Open “${waitingName}”`}</Button>
      ) : null}
      {execution.status === "paused" ? (
        <Button size="sm" pending={resume.isPending} onClick={() => resume.mutate({ id: executionId })}>
          <Play aria-hidden="true" />
          Resume
        </Button>
      ) : null}
      {live ? (
        <Button size="sm" pending={cancel.isPending} onClick={() => cancel.mutate({ id: executionId })}>
          <Square aria-hidden="true" />
          Cancel
        </Button>
      ) : null}
      {execution.status === "failed" ? (
        <Button size="sm" pending={retry.isPending} onClick={() => retry.mutate({ id: executionId })}>
          Retry
        </Button>
      ) : null}
      <Button asChild variant="ghost" size="icon-sm">
        <Link href={`/executions/${executionId}`} aria-label="Open the execution">
          <ExternalLink aria-hidden="true" />
        </Link>
      </Button>
      {live ? null : (
        <Button variant="ghost" size="icon-sm" aria-label="Clear the run" onClick={onClear}>
          <X aria-hidden="true" />
        </Button>
      )}
    </section>
  );
}
