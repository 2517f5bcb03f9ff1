"use client";
import { useQueries, useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useEffect, useMemo, useState } from "react";
import { useTRPC } from "@/components/providers/trpc";
import type { VisitView } from "@/flow/execution/reduce";
import { isTerminalStep } from "@/flow/execution/status";
import type { AppRouter } from "@/server/trpc/router";

export type StepDetail = inferRouterOutputs<AppRouter>["executions"]["step"];
/** Items of a page in the data panels. */
export const PAGE = 100;
/** Items that expressions are previewed with. */
export const PREVIEW_ITEMS = 500;

/** One visit with its data; asked for again whenever the visit moves on. */
export function useStep(executionId: string | null, visit: VisitView | undefined, offset = 0) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.executions.step.queryOptions(
      { id: executionId ?? "", key: visit?.key ?? "", offset, limit: PAGE },
      {
        enabled: executionId !== null && visit !== undefined && visit.status !== "queued",
        // A visit that has ended never changes.
        staleTime: visit && isTerminalStep(visit.status) ? Number.POSITIVE_INFINITY : 0,
        // Of the same visit only: another node's data must never show under this one's name.
        placeholderData: (before: StepDetail | undefined) => (before?.key === visit?.key ? before : undefined),
        retry: 1,
      },
    ),
  );
  const { refetch } = query;
  const stage = visit ? `${visit.key}/${visit.attempt}/${visit.status}/${visit.finishedAt}` : null;
  const [seen, setSeen] = useState(stage);
  useEffect(() => {
    if (stage === seen) return;
    setSeen(stage);
    if (stage !== null && executionId !== null) void refetch();
  }, [stage, seen, executionId, refetch]);
  return query;
}

/**
 * The given visits, and with `follow` all that their items came from: what expressions of a later node can read.
 * `complete` once nothing more is on its way.
 */
export function useLineage(executionId: string | null, keys: readonly string[], follow: boolean) {
  const trpc = useTRPC();
  const [wanted, setWanted] = useState<readonly string[]>([]);
  const start = keys.join("\n");
  useEffect(() => setWanted(start === "" ? [] : start.split("\n")), [start]);

  const results = useQueries({
    queries: (executionId === null ? [] : wanted).map((key) =>
      trpc.executions.step.queryOptions(
        { id: executionId ?? "", key, offset: 0, limit: PREVIEW_ITEMS },
        { staleTime: Number.POSITIVE_INFINITY, retry: 1 },
      ),
    ),
  });
  const loaded = results.map((result) => result.data);
  const found = (follow ? loaded : []).flatMap((step) => step?.inputs.flatMap((input) => input.sources.map((source) => source.key)) ?? []);
  const missing = [...new Set(found)].filter((key) => !wanted.includes(key));
  const more = missing.join("\n");
  useEffect(() => {
    // A flow of hundreds of nodes must not load all of itself for one preview.
    if (more !== "")
      setWanted((known) => (known.length > 60 ? known : [...known, ...more.split("\n").filter((key) => !known.includes(key))]));
  }, [more]);

  const stamp = results.map((result) => result.dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp changes exactly when the data does
  const steps = useMemo(() => new Map(loaded.flatMap((step) => (step ? [[step.key, step] as const] : []))), [stamp]);
  return { steps, complete: more === "" && results.every((result) => !result.isLoading) };
}
