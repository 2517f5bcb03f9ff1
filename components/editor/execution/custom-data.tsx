"use client";
import { useQuery } from "@tanstack/react-query";
import { Tag } from "lucide-react";
import { useEffect } from "react";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { isTerminal } from "@/flow/execution/status";
import { useFeed } from "../live/run-context";

const REFRESH_MS = 2_000;

/** What an execution says of itself; nothing where it says nothing. */
export function CustomData({ executionId }: { executionId: string }) {
  const trpc = useTRPC();
  const status = useFeed((state) => state.view?.execution.status);
  const live = status !== undefined && !isTerminal(status);
  const { data, refetch } = useQuery({
    ...trpc.executions.customData.queryOptions({ id: executionId }, { refetchInterval: live ? REFRESH_MS : false }),
    select: ({ values }) => values,
  });
  // What was set last may have come after the last look.
  useEffect(() => {
    if (!live) void refetch();
  }, [live, refetch]);
  if (!data || data.length === 0) return null;
  const [first] = data;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" size="sm" className="max-w-56" aria-label={`Custom data: ${data.length}`}>
          <Tag aria-hidden="true" />
          <span className="truncate">{data.length === 1 ? `${first?.key}: ${first?.value}` : `Custom data: ${data.length}`}</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-96 max-w-[calc(100vw-1.5rem)] p-3" collisionPadding={12}>
        <dl aria-label="Custom data" className="grid max-h-80 grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 overflow-y-auto text-sm">
          {data.map(({ key, value }) => (
            <div key={key} className="contents">
              <dt className="max-w-36 break-words text-muted-foreground">{key}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
        </dl>
      </PopoverContent>
    </Popover>
  );
}
