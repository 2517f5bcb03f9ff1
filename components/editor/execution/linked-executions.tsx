"use client";
import { useQuery } from "@tanstack/react-query";
import { CornerLeftUp, Workflow } from "lucide-react";
import Link from "next/link";
import { StatusText } from "@/components/executions/status";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { isTerminal } from "@/flow/execution/status";
import { useFeed } from "../live/run-context";

const REFRESH_MS = 2_000;

/** Ways to what started an execution and to what its steps have started; nothing where there is neither. */
export function LinkedExecutions({ executionId, nodeNames }: { executionId: string; nodeNames: ReadonlyMap<string, string> }) {
  const trpc = useTRPC();
  const status = useFeed((state) => state.view?.execution.status);
  const live = status !== undefined && !isTerminal(status);
  const links = useQuery(trpc.executions.links.queryOptions({ id: executionId }, { refetchInterval: live ? REFRESH_MS : false }));
  const { parent, children = [] } = links.data ?? {};
  if (!parent && children.length === 0) return null;
  return (
    <div className="flex items-center gap-1">
      {parent ? (
        <Button asChild variant="ghost" size="sm" className="max-w-56">
          <Link href={`/executions/${parent.executionId}`}>
            <CornerLeftUp aria-hidden="true" />
            <span className="truncate">{`Started by ${parent.flowName}`}</span>
          </Link>
        </Button>
      ) : null}
      {children.length > 0 ? (
        <Popover>
          <PopoverTrigger asChild>
            <Button variant="ghost" size="sm">
              <Workflow aria-hidden="true" />
              {children.length === 1 ? "Started 1 execution" : `Started ${children.length} executions`}
            </Button>
          </PopoverTrigger>
          <PopoverContent align="end" className="w-96 max-w-[calc(100vw-1.5rem)] p-1" collisionPadding={12}>
            <ul aria-label="Executions that its steps started" className="max-h-80 overflow-y-auto">
              {children.map((child) => (
                <li key={child.executionId}>
                  <Link
                    href={`/executions/${child.executionId}`}
                    className="flex items-center gap-2 rounded px-2 py-1.5 text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring"
                  >
                    <span className="min-w-0 flex-1 truncate">{child.flowName}</span>
                    <span className="max-w-32 truncate text-muted-foreground text-xs">
                      {`${nodeNames.get(child.stepKey.replace(/#\d+$/, "")) ?? child.stepKey} · item ${child.itemIndex}`}
                    </span>
                    <StatusText status={child.status} />
                  </Link>
                </li>
              ))}
            </ul>
          </PopoverContent>
        </Popover>
      ) : null}
    </div>
  );
}
