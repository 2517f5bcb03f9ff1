"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Badge } from "@/components/ui/badge";
import { Skeleton } from "@/components/ui/skeleton";

const SHOWN = 50;

/** Flows that call a tool or one of its actions: what would fail without it. */
export function ToolUsers({ open, toolId, actionId }: { open: boolean; toolId: string; actionId?: string }) {
  const trpc = useTRPC();
  const input = { id: toolId, ...(actionId !== undefined && { actionId }) };
  const query = useQuery(trpc.tools.usage.queryOptions(input, { enabled: open, staleTime: 0 }));
  if (query.isError)
    return <p className="text-danger-text text-sm">Which flows use it could not be found out: {errorMessage(query.error)}</p>;
  if (!query.data) return <Skeleton className="h-12 w-full" />;
  const users = query.data;
  if (users.length === 0) return <p className="text-muted-foreground text-sm">No flow uses it.</p>;
  return (
    <div className="grid gap-2">
      <p className="font-medium text-sm">{users.length === 1 ? "One flow uses it:" : `${users.length} flows use it:`}</p>
      <ul className="max-h-48 divide-y divide-border-subtle overflow-y-auto rounded-lg border border-border">
        {users.slice(0, SHOWN).map((user) => (
          <li key={user.flowId} className="flex min-w-0 items-center gap-2 px-3 py-2 text-sm">
            <Link href={`/flows/${user.flowId}`} className="min-w-0 truncate underline-offset-4 hover:underline" title={user.name}>
              {user.name}
            </Link>
            <span className="min-w-0 flex-1 truncate text-muted-foreground text-xs">{user.nodes.join(", ")}</span>
            {user.published && user.active ? <Badge tone="warning">Live</Badge> : user.published ? null : <Badge>Draft</Badge>}
          </li>
        ))}
      </ul>
      {users.length > SHOWN ? <p className="text-muted-foreground text-xs">and {users.length - SHOWN} more</p> : null}
    </div>
  );
}
