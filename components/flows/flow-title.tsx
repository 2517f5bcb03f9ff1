"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/providers/trpc";
import { usePageTitle } from "@/components/shell/use-page-title";

/** Names the tab after the flow that the editor beside it loads; asks for nothing itself. */
export function FlowTitle({ flowId }: { flowId: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.flows.get.queryOptions({ id: flowId }, { enabled: false, gcTime: 0 }));
  usePageTitle(data?.name);
  return null;
}
