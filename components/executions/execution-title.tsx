"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/providers/trpc";
import { usePageTitle } from "@/components/shell/use-page-title";

/** Names the tab after the execution's flow, which the detail beside it loads; asks for nothing itself. */
export function ExecutionTitle({ executionId }: { executionId: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.executions.graph.queryOptions({ id: executionId }, { enabled: false }));
  usePageTitle(data && `Execution of ${data.flowName}`);
  return null;
}
