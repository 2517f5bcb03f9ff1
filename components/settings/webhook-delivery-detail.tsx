"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { errorMessage } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";

/** A browser shows so much text at once without effort. */
const MOST_SHOWN = 100_000;

interface Delivery {
  id: string;
  status: "pending" | "delivered" | "failed";
  attempts: number;
}

/** What was sent to a webhook and what came back at last, and a way to send it again. */
export function WebhookDeliveryDetail({ webhookId, delivery }: { webhookId: string; delivery: Delivery }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const detail = useQuery(trpc.webhooks.delivery.queryOptions({ id: webhookId, deliveryId: delivery.id }, { refetchInterval: 5000 }));
  const resend = useMutation(
    trpc.webhooks.resend.mutationOptions({
      onSuccess: ({ status, responseStatus, error }) => {
        if (status === "delivered") toast.success(`The message was taken: answered ${responseStatus}`);
        else toast.error(`The message did not get through: ${error}`);
      },
      onError: (error) => toast.error(errorMessage(error)),
      onSettled: () => queryClient.invalidateQueries(trpc.webhooks.pathFilter()),
    }),
  );
  if (detail.isPending) return <Skeleton className="h-40" />;
  if (detail.isError) {
    return <LoadError title="The message could not be loaded" query={detail} />;
  }
  const { headers, payload, responseStatus, responseExcerpt, durationMs } = detail.data;
  const body = JSON.stringify(payload, null, 2);
  const pending = delivery.status === "pending";
  return (
    <div className="grid grid-cols-1 gap-3 pb-2 pl-7 max-sm:pl-1">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-muted-foreground text-xs">
          {`${delivery.attempts} ${delivery.attempts === 1 ? "attempt" : "attempts"}`}
          {durationMs === null ? "" : ` · the last took ${durationMs.toLocaleString("en")} ms`}
          {pending ? " · under way" : ""}
        </p>
        <Button
          size="sm"
          pending={resend.isPending}
          disabled={pending}
          onClick={() => resend.mutate({ id: webhookId, deliveryId: delivery.id })}
        >
          <RotateCcw aria-hidden="true" />
          Send again
        </Button>
      </div>
      {responseStatus === null ? null : (
        <Part title={`Answer ${responseStatus}`} text={responseExcerpt ?? ""} empty="It had no body, or that was not kept." />
      )}
      <Part title="Headers" text={headers.map(({ name, value }) => `${name}: ${value}`).join("\n")} />
      <Part title="Payload" text={body} />
    </div>
  );
}

function Part({ title, text, empty }: { title: string; text: string; empty?: string }) {
  return (
    <section aria-label={title} className="grid grid-cols-1 gap-1">
      <h3 className="font-medium text-xs">{title}</h3>
      {text === "" ? (
        <p className="text-muted-foreground text-xs">{empty}</p>
      ) : (
        <div className="relative">
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
            tabIndex={0}
            className="max-h-64 overflow-auto whitespace-pre-wrap break-words rounded-md border border-border bg-field p-3 pr-11 font-mono text-xs outline-none focus-visible:ring-2 focus-visible:ring-ring"
          >
            {text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text}
          </pre>
          <CopyButton value={text} label={`Copy ${title.toLowerCase()}`} size="icon-sm" className="absolute top-1.5 right-1.5" />
        </div>
      )}
    </section>
  );
}
