"use client";
import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/form-field";
import { RelativeTime } from "@/components/ui/relative-time";
import { useRunActions } from "../top-bar/run-actions";
import { JsonTree } from "./json-tree";

const LISTEN_MS = 1_500;

/** Listens at a webhook's test URL: the last ten calls, and a run of the draft with any of them. */
export function TestEvents({ triggerId }: { triggerId: string }) {
  const trpc = useTRPC();
  const actions = useRunActions();
  const [openId, setOpenId] = useState<string | null>(null);
  const list = useQuery(trpc.arrivals.list.queryOptions({ triggerId, state: "test", limit: 10 }, { refetchInterval: LISTEN_MS }));
  const detail = useQuery(
    trpc.arrivals.get.queryOptions({ id: openId ?? "" }, { enabled: openId !== null, staleTime: Number.POSITIVE_INFINITY }),
  );
  const arrivals = list.data?.arrivals ?? [];
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <p role="status" className="flex items-center gap-2 text-muted-foreground text-xs">
        <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-success motion-safe:animate-pulse" />
        {arrivals.length === 0
          ? "Listening for a test event: call the URL, and it appears here."
          : "Listening. The last ten calls are kept; none of them starts anything by itself."}
      </p>
      {list.isError ? <FieldError>{errorMessage(list.error)}</FieldError> : null}
      {arrivals.length > 0 ? (
        <ul aria-label="Test events" className="divide-y divide-border-subtle overflow-hidden rounded-md border border-border bg-field">
          {arrivals.map((arrival) => {
            const open = arrival.id === openId;
            return (
              <li key={arrival.id} className="grid grid-cols-1">
                <div className="flex items-center gap-2 px-2 py-1">
                  <button
                    type="button"
                    aria-expanded={open}
                    onClick={() => setOpenId(open ? null : arrival.id)}
                    className="min-w-0 flex-1 cursor-pointer truncate rounded text-left text-xs outline-none focus-visible:ring-2 focus-visible:ring-ring"
                  >
                    <RelativeTime at={arrival.receivedAt} />
                    <span className="text-muted-foreground">{` · ${arrival.size.toLocaleString("en")} bytes`}</span>
                  </button>
                  {actions ? (
                    <Button size="sm" disabled={actions.pending} onClick={() => actions.runArrival(arrival.id)}>
                      <Play aria-hidden="true" />
                      Run with it
                    </Button>
                  ) : null}
                </div>
                {open ? (
                  <div className="px-2 pb-2">
                    {detail.isError ? (
                      <FieldError>{errorMessage(detail.error)}</FieldError>
                    ) : (
                      <JsonTree value={detail.data?.items?.[0]?.json ?? {}} />
                    )}
                  </div>
                ) : null}
              </li>
            );
          })}
        </ul>
      ) : null}
    </div>
  );
}
