"use client";
import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { notFound } from "next/navigation";
import { CanvasSkeleton } from "@/components/flows/canvas-skeleton";
import { isNotFound } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { EditorRoom } from "./editor-room";

/**
 * The editor of one flow: draws its draft, saves it as it changes, runs it and shows the run.
 * @param nodeId opened at first, when the draft has it
 */
export function FlowEditor({ flowId, nodeId }: { flowId: string; nodeId?: string }) {
  const trpc = useTRPC();
  // A draft from the cache may be older than what another tab has saved: the editor starts from the server's word only.
  const query = useQuery(
    trpc.flows.get.queryOptions(
      { id: flowId },
      { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnMount: "always", refetchOnWindowFocus: false },
    ),
  );
  if (query.data && query.isFetchedAfterMount) {
    return (
      <ReactFlowProvider>
        <EditorRoom flow={query.data} nodeId={nodeId} />
      </ReactFlowProvider>
    );
  }
  if (isNotFound(query.error)) notFound();
  if (query.isError) {
    return (
      <div className="p-8">
        <LoadError title="The flow could not be opened" query={query} />
      </div>
    );
  }
  return <CanvasSkeleton label="Opening the flow" />;
}
