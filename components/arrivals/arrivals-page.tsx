"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { ExecutionViews } from "@/components/executions/execution-views";
import { FilterMenu } from "@/components/executions/filter-menu";
import { MODES } from "@/components/executions/mode";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ListTable, ListTableSkeleton } from "@/components/ui/list-table";
import { LoadMore } from "@/components/ui/load-more";
import { Segmented } from "@/components/ui/segmented";
import type { AppRouter } from "@/server/trpc/router";
import { ArrivalDialog } from "./arrival-dialog";
import { ARRIVAL_COLUMNS, ArrivalRow } from "./arrival-row";
import { useArrivalActions } from "./use-arrival-actions";

export type ArrivalSummary = inferRouterOutputs<AppRouter>["arrivals"]["list"]["arrivals"][number];
type State = "waiting" | "replayed";
type ArrivalType = ArrivalSummary["type"];

const STATES = [
  { value: "waiting", label: "Waiting" },
  { value: "replayed", label: "Replayed" },
] as const;
const TYPES: ArrivalType[] = ["webhook", "form", "chat", "schedule", "poll", "event", "api"];
const TYPE_OPTIONS = TYPES.map((type) => {
  const { label, icon: Icon } = MODES[type];
  return { value: type, label, icon: <Icon aria-hidden="true" /> };
});
const REFRESH_MS = 5_000;

/** Calls and events that came while their flow was off or could not run: kept until someone decides. */
export function ArrivalsPage() {
  const trpc = useTRPC();
  const [state, setState] = useState<State>("waiting");
  const [types, setTypes] = useState<ArrivalType[]>([]);
  const [shown, setShown] = useState<ArrivalSummary | null>(null);
  const [discarding, setDiscarding] = useState<ArrivalSummary | null>(null);
  const { replay, discard } = useArrivalActions();
  const list = useInfiniteQuery(
    trpc.arrivals.list.infiniteQueryOptions(
      { state, type: types },
      {
        getNextPageParam: (page) => page.nextCursor,
        refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
      },
    ),
  );
  const arrivals = list.data?.pages.flatMap((page) => page.arrivals) ?? [];
  return (
    <PageBody>
      <PageHeader title="Arrivals" description="What came while its flow was off or could not run" />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <ExecutionViews />
        <div className="flex flex-wrap items-center gap-2">
          <FilterMenu label="Trigger" options={TYPE_OPTIONS} selected={types} onChange={setTypes} />
          <Segmented label="Which arrivals" value={state} options={STATES} onChange={setState} />
        </div>
      </div>
      {list.isPending ? (
        <ListTableSkeleton columns={ARRIVAL_COLUMNS} rows={4} />
      ) : list.isError && arrivals.length === 0 ? (
        <LoadError title="The arrivals could not be loaded" query={list} />
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
          {types.length > 0 ? (
            <EmptyState
              icon={Inbox}
              title="Nothing came by these triggers"
              actions={<Button onClick={() => setTypes([])}>Show all</Button>}
            >
              Arrivals of other triggers may be here: take the filter away to see them.
            </EmptyState>
          ) : (
            <EmptyState icon={Inbox} title={state === "waiting" ? "Nothing waits" : "Nothing was replayed yet"}>
              What comes for a flow that is switched off is not lost: it is kept here until you replay or discard it.
            </EmptyState>
          )}
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
