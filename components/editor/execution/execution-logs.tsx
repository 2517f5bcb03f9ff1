"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useEffect, useRef, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNotice } from "@/components/ui/error-notice";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import type { ExecutionHead } from "@/flow/execution/events";
import { isTerminal } from "@/flow/execution/status";
import type { AppRouter } from "@/server/trpc/router";
import { formatClock, LOG_TONES } from "../detail/log-lines";
import { nodeOf } from "../state/canvas-elements";
import { useEditor } from "../state/editor-context";

type LogLine = inferRouterOutputs<AppRouter>["executions"]["logs"]["logs"][number];
type Filter = "all" | "warn" | "error";

const FILTERS: readonly { value: Filter; label: string }[] = [
  { value: "all", label: "All" },
  { value: "warn", label: "Warnings" },
  { value: "error", label: "Errors" },
];
const LEVELS: Record<Filter, LogLine["level"][]> = { all: [], warn: ["warn", "error"], error: ["error"] };
const PAGE = 200;
const REFRESH_MS = 2_000;

/** What all steps of the execution logged, in order. */
export function ExecutionLogs({ execution }: { execution: ExecutionHead }) {
  const trpc = useTRPC();
  const [filter, setFilter] = useState<Filter>("all");
  const isLive = !isTerminal(execution.status);
  const query = useInfiniteQuery(
    trpc.executions.logs.infiniteQueryOptions(
      { id: execution.id, level: LEVELS[filter], limit: PAGE },
      {
        getNextPageParam: (page) => page.nextCursor,
        // Whoever reads further down must not have the lines move; the last page is asked for again by "Show more".
        refetchInterval: ({ state }) => (isLive && (state.data?.pages.length ?? 0) <= 1 ? REFRESH_MS : false),
      },
    ),
  );
  const { refetch } = query;
  // Lines are stored a moment after they are said: the end of the execution is when the last of them are there.
  const wasLive = useRef(isLive);
  useEffect(() => {
    if (isLive || !wasLive.current) return;
    const timer = setTimeout(() => void refetch(), 500);
    return () => clearTimeout(timer);
  }, [isLive, refetch]);
  const lines = query.data?.pages.flatMap((page) => page.logs) ?? [];
  return (
    <section aria-label="Logs" aria-busy={query.isFetching} className="grid min-w-0 gap-2">
      <Segmented label="Levels" value={filter} options={FILTERS} onChange={setFilter} className="justify-self-start" />
      {query.isPending ? <Skeleton className="h-24" /> : null}
      {query.isError && lines.length === 0 ? (
        <ErrorNotice title="The logs could not be loaded" message={errorMessage(query.error)} onRetry={() => void query.refetch()} />
      ) : null}
      {query.isSuccess && lines.length === 0 ? (
        <p className="px-1 text-muted-foreground text-sm">
          {filter !== "all"
            ? "Nothing of this kind was logged."
            : isLive
              ? "Nothing has been logged yet."
              : "No step logged anything. Code nodes log with console.log; nodes log what you should know."}
        </p>
      ) : null}
      {lines.length > 0 ? (
        <ol className="grid gap-1 rounded-md border border-border bg-field p-2 font-mono text-xs">
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      ) : null}
      {query.hasNextPage ? (
        <Button size="sm" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </section>
  );
}

function Line({ line }: { line: LogLine }) {
  const name = useEditor((state) => (line.nodeId === null ? null : (nodeOf(state.graph, line.nodeId)?.name ?? line.nodeId)));
  const openNode = useEditor((state) => state.openNode);
  const runIndex = Number(/#(\d+)$/.exec(line.stepKey ?? "")?.[1] ?? 0);
  return (
    <li className="grid gap-0.5">
      <span className="flex items-baseline gap-2">
        <time dateTime={line.at} className="shrink-0 text-placeholder">
          {formatClock(line.at)}
        </time>
        {name === null || line.nodeId === null ? null : (
          <button
            type="button"
            onClick={() => openNode(line.nodeId, runIndex)}
            className="min-w-0 cursor-pointer truncate rounded-sm text-muted-foreground outline-none hover:text-foreground hover:underline focus-visible:ring-2 focus-visible:ring-ring"
          >
            {runIndex > 0 ? `${name} · run ${runIndex + 1}` : name}
          </button>
        )}
        {line.level === "info" ? null : <span className={cn("shrink-0", LOG_TONES[line.level])}>{line.level}</span>}
      </span>
      <span className={cn("min-w-0 whitespace-pre-wrap break-words", LOG_TONES[line.level])}>
        {line.message}
        {line.data === null ? "" : ` ${JSON.stringify(line.data)}`}
      </span>
    </li>
  );
}
