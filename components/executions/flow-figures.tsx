"use client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { formatDuration } from "@/components/editor/format";
import { useTRPC } from "@/components/providers/trpc";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { periodStart } from "./filters";

type Span = "24h" | "7d";
const SPANS: readonly { value: Span; label: string }[] = [
  { value: "24h", label: "24 hours" },
  { value: "7d", label: "7 days" },
];
const REFRESH_MS = 15_000;
const numbers = new Intl.NumberFormat("en");

/** How a flow has fared lately: asked for anew every few seconds, as the list below it is. */
export function FlowFigures({ flowId }: { flowId: string }) {
  const trpc = useTRPC();
  const [span, setSpan] = useState<Span>("24h");
  const from = useMemo(() => periodStart(span, Date.now()), [span]);
  const query = useQuery(
    trpc.executions.metrics.queryOptions({ flowId, from }, { refetchInterval: REFRESH_MS, placeholderData: (previous) => previous }),
  );
  // The list says what is wrong; figures are an addition to it.
  if (query.isError && !query.data) return null;
  const { data } = query;
  const failed = data && data.statusBreakdown.failed + data.statusBreakdown.timed_out;
  const live =
    data && data.statusBreakdown.queued + data.statusBreakdown.running + data.statusBreakdown.waiting + data.statusBreakdown.paused;
  return (
    <Card className="flex flex-wrap items-center gap-x-8 gap-y-3 px-4 py-3">
      <dl
        aria-label="Figures of this flow"
        aria-busy={query.isPlaceholderData || query.isPending}
        className="flex flex-1 flex-wrap gap-x-8 gap-y-3"
      >
        <Figure name="Success rate">{data && (data.successRate === null ? "–" : `${data.successRate} %`)}</Figure>
        <Figure name="Executions">{data && numbers.format(data.totalExecutions)}</Figure>
        <Figure name="Failed">{failed !== undefined && numbers.format(failed)}</Figure>
        <Figure name="Under way">{live !== undefined && numbers.format(live)}</Figure>
        <Figure name="Median duration">{data && (data.durations.medianMs === null ? "–" : formatDuration(data.durations.medianMs))}</Figure>
      </dl>
      <Segmented label="Figures of the last" value={span} options={SPANS} onChange={setSpan} />
    </Card>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-w-20 gap-0.5">
      <dt className="text-muted-foreground text-xs">{name}</dt>
      <dd className="flex h-6 items-center font-semibold text-base tabular-nums">{children || <Skeleton className="h-4 w-12" />}</dd>
    </div>
  );
}
