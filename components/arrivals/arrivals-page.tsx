"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { ExecutionViews } from "@/components/executions/execution-views";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNotice } from "@/components/ui/error-notice";
import { ListTable, ListTableSkeleton } from "@/components/ui/list-table";
import { LoadMore } from "@/components/ui/load-more";
import { Segmented } from "@/components/ui/segmented";
import type { AppRouter } from "@/server/trpc/router";
import { ArrivalDialog } from "./arrival-dialog";
import { ARRIVAL_COLUMNS, ArrivalRow } from "./arrival-row";
import { useArrivalActions } from "./use-arrival-actions";

export type ArrivalSummary = inferRouterOutputs<AppRouter>["arrivals"]["list"]["arrivals"][number];
type State = "waiting" | "replayed";

const STATES = [
  { value: "waiting", label: "Waiting" },
  { value: "replayed", label: "Replayed" },
] as const;
const REFRESH_MS = 5_000;

/** Calls that came while their flow was off or could not run: kept until someone decides. */
export function ArrivalsPage() {
  const trpc = useTRPC();
  const [state, setState] = useState<State>("waiting");
  const [shown, setShown] = useState<ArrivalSummary | null>(null);
  const [discarding, setDiscarding] = useState<ArrivalSummary | null>(null);
  const { replay, discard } = useArrivalActions();
  const list = useInfiniteQuery(
    trpc.arrivals.list.infiniteQueryOptions(
      { state },
      {
        getNextPageParam: (page) => page.nextCursor,
        refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
      },
    ),
  );
  const arrivals = list.data?.pages.flatMap((page) => page.arrivals) ?? [];
  return (
    <PageBody>
      <PageHeader title="Arrivals" description="Webhook calls that came while their flow was off or could not run" />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <ExecutionViews />
        <Segmented label="Which arrivals" value={state} options={STATES} onChange={setState} />
      </div>
      {list.isPending ? (
        <ListTableSkeleton columns={ARRIVAL_COLUMNS} rows={4} />
      ) : list.isError && arrivals.length === 0 ? (
        <ErrorNotice
          title="The arrivals could not be loaded"
          message={errorMessage(list.error)}
          onRetry={() => list.refetch()}
          retrying={list.isFetching}
        />
      ) : arrivals.length > 0 ? (
        <ListTable columns={ARRIVAL_COLUMNS}>
          {arrivals.map((arrival) => (
            <ArrivalRow
              key={arrival.id}
              arrival={arrival}
              pending={replay.isPending && replay.variables.id === arrival.id}
              onShow={() => setShown(arrival)}
              onReplay={() => replay.mutate({ id: arrival.id })}
              onDiscard={() => setDiscarding(arrival)}
            />
          ))}
        </ListTable>
      ) : (
        <Card>
          <EmptyState icon={Inbox} title={state === "waiting" ? "Nothing waits" : "Nothing was replayed yet"}>
            Calls of a webhook whose flow is switched off are not lost: they are kept here until you replay or discard them.
          </EmptyState>
        </Card>
      )}
      {list.hasNextPage ? (
        <LoadMore loading={list.isFetchingNextPage} failed={list.isFetchNextPageError} onLoad={list.fetchNextPage} />
      ) : null}
      {shown ? <ArrivalDialog arrival={shown} onClose={() => setShown(null)} /> : null}
      <ConfirmDialog
        open={discarding !== null}
        onOpenChange={(open) => open || setDiscarding(null)}
        title="Discard this arrival?"
        description="What it brought is deleted for good. Whoever sent it is not told."
        confirmLabel="Discard"
        pending={discard.isPending}
        onConfirm={() => {
          if (discarding) discard.mutate({ id: discarding.id }, { onSettled: () => setDiscarding(null) });
        }}
      />
    </PageBody>
  );
}
