"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Inbox } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { WebhookDeliveryDetail } from "./webhook-delivery-detail";

const STATUS = {
  delivered: { tone: "success", label: "Delivered" },
  failed: { tone: "danger", label: "Failed" },
  pending: { tone: "info", label: "Pending" },
} as const;

interface Delivery {
  id: string;
  eventType: string;
  executionId: string | null;
  status: keyof typeof STATUS;
  attempts: number;
  responseStatus: number | null;
  error: string | null;
  createdAt: string;
}

/** Messages to a webhook and what became of them, while its dialog is open. */
export function WebhookDeliveries({ webhook }: { webhook: { id: string; name: string } }) {
  return (
    <>
      <DialogHeader>
        <DialogTitle className="break-words">Messages to “{webhook.name}”</DialogTitle>
        <DialogDescription>
          The newest 100. They are kept for 30 days. Open one to see what was sent, and to send it again.
        </DialogDescription>
      </DialogHeader>
      <DeliveryList id={webhook.id} />
    </>
  );
}

function DeliveryList({ id }: { id: string }) {
  const trpc = useTRPC();
  const list = useQuery({ ...trpc.webhooks.deliveries.queryOptions({ id }), refetchInterval: 5000 });
  if (list.isPending) {
    return (
      <div className="grid gap-2" aria-busy="true">
        {[0, 1, 2].map((row) => (
          <Skeleton key={row} className="h-9 w-full" />
        ))}
      </div>
    );
  }
  if (list.isError) {
    return <LoadError title="The messages could not be loaded" query={list} />;
  }
  if (list.data.deliveries.length === 0) {
    return (
      <EmptyState icon={Inbox} title="No messages yet">
        They appear here as soon as something happens that this webhook is told of. “Send a test” makes one now.
      </EmptyState>
    );
  }
  return (
    <ul className="max-h-[60vh] divide-y divide-border-subtle overflow-y-auto">
      {list.data.deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} webhookId={id} delivery={delivery} />
      ))}
    </ul>
  );
}

function DeliveryRow({ webhookId, delivery }: { webhookId: string; delivery: Delivery }) {
  const [open, setOpen] = useState(false);
  const { tone, label } = STATUS[delivery.status];
  const answer = delivery.error ?? (delivery.responseStatus === null ? null : `Answered ${delivery.responseStatus}`);
  return (
    <li className="grid grid-cols-1 gap-2 py-1">
      <div className="flex items-center gap-3">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 cursor-pointer items-start gap-2 rounded-md p-1 text-left outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset"
        >
          <ChevronRight
            aria-hidden="true"
            className={cn("mt-0.5 size-4 shrink-0 text-muted-foreground transition-transform", open && "rotate-90")}
          />
          <span className="grid min-w-0 flex-1 grid-cols-1">
            <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
              <Badge tone={tone}>{label}</Badge>
              <span className="truncate font-mono text-xs">{delivery.eventType}</span>
            </span>
            <span className="break-words text-muted-foreground text-xs">
              <RelativeTime at={delivery.createdAt} />
              {answer ? ` · ${answer}` : ""}
              {delivery.attempts > 1 ? ` · ${delivery.attempts} attempts` : ""}
            </span>
          </span>
        </button>
        {delivery.executionId ? (
          <Link
            href={`/executions/${delivery.executionId}`}
            className="rounded-sm text-primary-text text-xs outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
          >
            Execution
          </Link>
        ) : null}
      </div>
      {open ? <WebhookDeliveryDetail webhookId={webhookId} delivery={delivery} /> : null}
    </li>
  );
}
