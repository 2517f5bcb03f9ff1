"use client";
import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import Link from "next/link";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Badge } from "@/components/ui/badge";
import { DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNotice } from "@/components/ui/error-notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";

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
        <DialogDescription>The newest 100. They are kept for 30 days.</DialogDescription>
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
    return (
      <ErrorNotice
        title="The messages could not be loaded"
        message={errorMessage(list.error)}
        onRetry={() => list.refetch()}
        retrying={list.isFetching}
      />
    );
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
        <DeliveryRow key={delivery.id} delivery={delivery} />
      ))}
    </ul>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { tone, label } = STATUS[delivery.status];
  const answer = delivery.error ?? (delivery.responseStatus === null ? null : `Answered ${delivery.responseStatus}`);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <Badge tone={tone}>{label}</Badge>
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-mono text-xs">{delivery.eventType}</p>
        <p className="break-words text-muted-foreground text-xs">
          <RelativeTime at={delivery.createdAt} />
          {answer ? ` · ${answer}` : ""}
          {delivery.attempts > 1 ? ` · ${delivery.attempts} attempts` : ""}
        </p>
      </div>
      {delivery.executionId ? (
        <Link
          href={`/executions/${delivery.executionId}`}
          className="rounded-sm text-primary-text text-xs outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
        >
          Execution
        </Link>
      ) : null}
    </li>
  );
}
