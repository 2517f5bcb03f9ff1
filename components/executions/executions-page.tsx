"use client";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { History, SearchX } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ListTable, ListTableSkeleton } from "@/components/ui/list-table";
import { LoadMore } from "@/components/ui/load-more";
import { isTerminal } from "@/flow/execution/status";
import type { AppRouter } from "@/server/trpc/router";
import { EXECUTION_COLUMNS } from "./execution-columns";
import { ExecutionRow } from "./execution-row";
import { ExecutionViews } from "./execution-views";
import { FilterBar } from "./filter-bar";
import { hasFilters, NO_FILTERS, periodStart } from "./filters";
import { FlowFigures } from "./flow-figures";
import { LiveMark } from "./live-mark";
import { SameErrorBar } from "./same-error-bar";
import { useAddressFilters } from "./use-address-filters";

type ExecutionPage = inferRouterOutputs<AppRouter>["executions"]["list"];
export type ExecutionSummary = ExecutionPage["executions"][number];

const REFRESH_BUSY_MS = 1_500;
const REFRESH_IDLE_MS = 4_000;

export function ExecutionsPage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [filters, setFilters] = useAddressFilters();
  const from = useMemo(() => (filters.period ? periodStart(filters.period, Date.now()) : undefined), [filters.period]);

  const options = trpc.executions.list.infiniteQueryOptions(
    {
      flowId: filters.flowId ?? undefined,
      status: filters.statuses.length > 0 ? filters.statuses : undefined,
      mode: filters.modes.length > 0 ? filters.modes : undefined,
      from,
      errorLike: filters.errorLike ?? undefined,
      search: filters.search || undefined,
      needsDecision: filters.needsDecision || undefined,
    },
    {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: (previous) => previous,
      refetchOnMount: "always",
      // Only the newest page is kept fresh: whoever has scrolled down reads something that must not move away.
      refetchInterval: (query) => {
        const pages = query.state.data?.pages ?? [];
        if (pages.length > 1) return false;
        return pages[0]?.executions.some(({ status }) => !isTerminal(status)) ? REFRESH_BUSY_MS : REFRESH_IDLE_MS;
      },
    },
  );
  const list = useInfiniteQuery(options);
  const executions = list.data?.pages.flatMap((page) => page.executions) ?? [];
  const behind = (list.data?.pages.length ?? 0) > 1;
  const showLatest = async () => {
    document.getElementById("content")?.scrollTo({ top: 0 });
    await queryClient.resetQueries({ queryKey: options.queryKey });
  };

  return (
    <PageBody>
      <PageHeader
        title="Executions"
        description="Every run of every flow, newest first"
        actions={<LiveMark live={!behind} failing={list.isError || list.failureCount > 0} onShowLatest={showLatest} />}
      />
      <ExecutionViews />
      <FilterBar filters={filters} onChange={setFilters} />
      {filters.errorLike ? <SameErrorBar key={filters.errorLike} executionId={filters.errorLike} /> : null}
      {filters.flowId ? <FlowFigures key={filters.flowId} flowId={filters.flowId} /> : null}
      {list.isPending ? (
        <ListTableSkeleton columns={EXECUTION_COLUMNS} />
      ) : list.isError && executions.length === 0 ? (
        <LoadError title="The executions could not be loaded" query={list} />
      ) : executions.length > 0 ? (
        <ListTable columns={EXECUTION_COLUMNS} busy={list.isPlaceholderData}>
          {executions.map((execution) => (
            <ExecutionRow key={execution.id} execution={execution} />
          ))}
        </ListTable>
      ) : hasFilters(filters) ? (
        <Card>
          <EmptyState
            icon={SearchX}
            title="No execution matches these filters"
            actions={<Button onClick={() => setFilters(NO_FILTERS)}>Clear all filters</Button>}
          >
            {filters.search
              ? "Search finds whole values: 123 anywhere, order_id = 123 in a field of that name. What has just run is found a few seconds later."
              : "Widen the time, or take a filter away. New executions appear here by themselves."}
          </EmptyState>
        </Card>
      ) : (
        <Card>
          <EmptyState
            icon={History}
            title="Nothing has run yet"
            actions={
              <Button variant="primary" asChild>
                <Link href="/flows">Open a flow</Link>
              </Button>
            }
          >
            Run a flow in the editor, call its webhook, or wait for its schedule. Each run is kept here with the input and output of every
            step.
          </EmptyState>
        </Card>
      )}
      {list.hasNextPage ? (
        <LoadMore loading={list.isFetchingNextPage} failed={list.isFetchNextPageError} onLoad={list.fetchNextPage} />
      ) : null}
    </PageBody>
  );
}
