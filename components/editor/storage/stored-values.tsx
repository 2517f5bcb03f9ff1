"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Archive, Plus } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC, useTRPCClient } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import type { Json } from "@/flow/item";
import { StoredValueForm } from "./stored-value-form";

export interface StoredValue {
  /** Empty for what all nodes of the flow share. */
  nodeId: string;
  key: string;
  value: Json;
  updatedAt: string;
}

/** Values by key; one at a time is opened to be changed or deleted. `flowId` null: what all flows share. */
export function StoredValues({ flowId, nodeNames }: { flowId: string | null; nodeNames: ReadonlyMap<string, string> }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const mayEdit = useCan("editor");
  const [opened, setOpened] = useState<StoredValue | "new" | null>(null);
  const list = useInfiniteQuery({
    queryKey: [...trpc.storage.list.pathKey(), "all", flowId],
    queryFn: ({ pageParam }) => client.storage.list.query({ flowId, after: pageParam }),
    initialPageParam: null as { nodeId: string; key: string } | null,
    getNextPageParam: ({ next }) => next,
  });
  const ownerOf = (nodeId: string) => (nodeId === "" ? null : (nodeNames.get(nodeId) ?? "a node that is gone"));
  if (opened) {
    const value = opened === "new" ? null : opened;
    return <StoredValueForm flowId={flowId} stored={value} owner={value && ownerOf(value.nodeId)} onDone={() => setOpened(null)} />;
  }
  if (list.isPending) {
    return (
      <div aria-busy="true" className="grid gap-4 rounded-lg border border-border p-3">
        <Skeleton className="h-4 w-48" />
        <Skeleton className="h-4 w-64" />
      </div>
    );
  }
  if (list.isError) {
    return <LoadError title="The values could not be loaded" query={list} />;
  }
  const values = list.data.pages.flatMap((page) => page.values);
  const add = mayEdit ? (
    <Button onClick={() => setOpened("new")} className="justify-self-start">
      <Plus aria-hidden="true" />
      Add value
    </Button>
  ) : null;
  if (values.length === 0) {
    return (
      <EmptyState icon={Archive} title="Nothing is kept" className="py-8" actions={add}>
        A Storage node sets values here, such as the last id that was seen, and reads them in later executions.
      </EmptyState>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <ul aria-label="Stored values" className="max-h-[46vh] divide-y divide-border-subtle overflow-y-auto rounded-lg border border-border">
        {values.map((stored) => (
          <li key={`${stored.nodeId}/${stored.key}`}>
            <button
              type="button"
              onClick={() => setOpened(stored)}
              className="grid w-full cursor-pointer grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-3 px-3 py-2 text-left text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset"
            >
              <span className="min-w-0">
                <span className="block truncate font-medium">{stored.key}</span>
                {stored.nodeId ? (
                  <span className="block truncate text-muted-foreground text-xs">{`of ${ownerOf(stored.nodeId)}`}</span>
                ) : null}
              </span>
              <span className="truncate font-mono text-muted-foreground text-xs">{JSON.stringify(stored.value)}</span>
              <span className="text-muted-foreground text-xs">
                <RelativeTime at={stored.updatedAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {add}
        {list.hasNextPage ? (
          <Button variant="ghost" pending={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
      </div>
    </div>
  );
}
