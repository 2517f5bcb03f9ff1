"use client";
import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useMemo } from "react";
import { useTRPC } from "@/components/providers/trpc";
import type { AppRouter } from "@/server/trpc/router";

type FlowPage = inferRouterOutputs<AppRouter>["flows"]["list"];
export type FlowSummary = FlowPage["flows"][number];

/** Shows a change of a flow in the lists before the server has confirmed it, and takes it back when it has not. */
export function useFlowCache() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMemo(() => {
    const lists = { queryKey: trpc.flows.list.infiniteQueryKey() };
    return {
      /** Returns what undoes the change. */
      async change(edit: (flows: FlowSummary[]) => FlowSummary[]): Promise<() => void> {
        await queryClient.cancelQueries(lists);
        const before = queryClient.getQueriesData<InfiniteData<FlowPage>>(lists);
        queryClient.setQueriesData<InfiniteData<FlowPage>>(lists, (data) => mapPages(data, edit));
        return () => restore(queryClient, before);
      },
      refresh: () => queryClient.invalidateQueries(trpc.flows.list.pathFilter()),
    };
  }, [trpc, queryClient]);
}

const mapPages = (data: InfiniteData<FlowPage> | undefined, edit: (flows: FlowSummary[]) => FlowSummary[]) =>
  data && { ...data, pages: data.pages.map((page) => ({ ...page, flows: edit(page.flows) })) };

function restore(queryClient: QueryClient, before: ReturnType<QueryClient["getQueriesData"]>): void {
  for (const [key, data] of before) queryClient.setQueryData(key, data);
}
