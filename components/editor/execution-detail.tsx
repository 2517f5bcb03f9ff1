"use client";
import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { notFound } from "next/navigation";
import { CanvasSkeleton } from "@/components/flows/canvas-skeleton";
import { isNotFound } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { ExecutionRoom } from "./execution-room";

/** One execution on the graph that it ran on, live while it runs. */
export function ExecutionDetail({ executionId }: { executionId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.executions.graph.queryOptions({ id: executionId }, { staleTime: Number.POSITIVE_INFINITY }));
  if (query.data) {
    return (
      <ReactFlowProvider>
        <ExecutionRoom key={executionId} frozen={query.data} />
      </ReactFlowProvider>
    );
  }
  if (isNotFound(query.error)) notFound();
  if (query.isError) {
    return (
      <div className="p-8">
        <LoadError title="The execution could not be opened" query={query} />
      </div>
    );
  }
  return <CanvasSkeleton label="Opening the execution" />;
}
