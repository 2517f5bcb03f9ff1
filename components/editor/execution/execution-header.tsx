"use client";
import { ChevronRight, Pause, Play, RotateCcw, Square, StepForward } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Duration } from "@/components/executions/duration";
import { Mode } from "@/components/executions/mode";
import { ResumeDialog } from "@/components/executions/resume-dialog";
import { StatusText } from "@/components/executions/status";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { isTerminal } from "@/flow/execution/status";
import type { FrozenGraph } from "@/flow/graph/schema";
import { formatTime } from "../format";
import { useFeed } from "../live/run-context";
import { CustomData } from "./custom-data";
import { LinkedExecutions } from "./linked-executions";
import { useExecutionActions } from "./use-execution-actions";

/** Which execution this is, how it stands, and what can be done about it. */
export function ExecutionHeader({
  frozen,
}: {
  frozen: { executionId: string; flowId: string; flowName: string; flowVersion: number | null; flowExists: boolean; graph: FrozenGraph };
}) {
  const router = useRouter();
  const execution = useFeed((state) => state.view?.execution);
  const connection = useFeed((state) => state.connection);
  const mayAct = useCan("editor");
  const [resuming, setResuming] = useState(false);
  const { cancel, pause, resume, retry } = useExecutionActions((id) => router.push(`/executions/${id}`));
  const tested = frozen.graph.nodes.find(({ id }) => id === frozen.graph.partial?.destination);
  const live = execution !== undefined && !isTerminal(execution.status);
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-border border-b bg-background px-4 py-1.5">
      <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-1 text-sm lg:max-w-2/5">
        <Link
          href="/executions"
          className="shrink-0 rounded px-1 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
        >
          Executions
        </Link>
        <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 text-placeholder" />
        <h1 title={frozen.flowName} className="truncate font-medium">
          {frozen.flowExists ? (
            <Link
              href={`/flows/${frozen.flowId}`}
              className="rounded outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
            >
              {frozen.flowName}
            </Link>
          ) : (
            frozen.flowName
          )}
        </h1>
        <Badge className="ml-1 shrink-0">{frozen.flowVersion === null ? "Draft" : `v${frozen.flowVersion}`}</Badge>
        {tested ? <Badge className="max-w-56 truncate">{`Test of ${tested.name}`}</Badge> : null}
      </nav>
      {execution ? (
        <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          <StatusText status={execution.status} />
          <Duration from={execution.startedAt} to={execution.finishedAt} live={live} className="text-muted-foreground tabular-nums" />
          <Mode mode={execution.mode} />
          <time dateTime={execution.queuedAt} className="text-muted-foreground text-xs">
            {formatTime(execution.queuedAt)}
          </time>
          {execution.error && !execution.error.nodeId ? (
            <span title={execution.error.message} className="max-w-96 truncate text-muted-foreground text-xs">
              {execution.error.message}
            </span>
          ) : null}
          {connection === "polling" && live ? <span className="text-warning-text text-xs">Reconnecting…</span> : null}
        </div>
      ) : (
        <Skeleton className="h-5 w-48" />
      )}
      <div className="flex-1" />
      <CustomData executionId={frozen.executionId} />
      <LinkedExecutions executionId={frozen.executionId} nodeNames={new Map(frozen.graph.nodes.map(({ id, name }) => [id, name]))} />
      {/* Their place: on a narrow screen they have a line of their own, and would push the canvas down as they come. */}
      {mayAct && !execution ? <Skeleton className="h-8 w-44" /> : null}
      {mayAct && execution?.status === "paused" ? (
        <Button pending={resume.isPending} onClick={() => resume.mutate({ id: frozen.executionId })}>
          <Play aria-hidden="true" />
          Resume
        </Button>
      ) : null}
      {mayAct && live && execution.status !== "paused" ? (
        <Button pending={pause.isPending} onClick={() => pause.mutate({ id: frozen.executionId })}>
          <Pause aria-hidden="true" />
          Pause
        </Button>
      ) : null}
      {mayAct && live ? (
        <Button pending={cancel.isPending} onClick={() => cancel.mutate({ id: frozen.executionId })}>
          <Square aria-hidden="true" />
          Cancel
        </Button>
      ) : null}
      {mayAct && execution && !live ? (
        <Button pending={retry.isPending} disabled={!frozen.flowExists} onClick={() => retry.mutate({ id: frozen.executionId })}>
          <RotateCcw aria-hidden="true" />
          Retry
        </Button>
      ) : null}
      {mayAct && execution && !live ? (
        <>
          <Button disabled={!frozen.flowExists} onClick={() => setResuming(true)}>
            <StepForward aria-hidden="true" />
            Resume…
          </Button>
          <ResumeDialog
            executionId={frozen.executionId}
            open={resuming}
            onOpenChange={setResuming}
            onResumed={(id) => router.push(`/executions/${id}`)}
          />
        </>
      ) : null}
    </header>
  );
}
