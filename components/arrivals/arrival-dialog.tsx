"use client";
import { useQuery } from "@tanstack/react-query";
import { MODES } from "@/components/executions/mode";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import type { ArrivalSummary } from "./arrivals-page";

/** A browser shows so much text at once without effort. */
const MOST_SHOWN = 100_000;

/** What an arrival brought. */
export function ArrivalDialog({ arrival, onClose }: { arrival: ArrivalSummary; onClose: () => void }) {
  const trpc = useTRPC();
  const detail = useQuery(trpc.arrivals.get.queryOptions({ id: arrival.id }));
  const items = detail.data?.items;
  const files = Object.entries(items?.[0]?.binary ?? {});
  const text = JSON.stringify(items?.[0]?.json ?? {}, null, 2);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent className="max-w-2xl grid-cols-[minmax(0,1fr)]">
        <DialogHeader>
          <DialogTitle className="break-words">{arrival.flowName}</DialogTitle>
          <DialogDescription>
            {MODES[arrival.type].label} · came <RelativeTime at={arrival.receivedAt} />
          </DialogDescription>
        </DialogHeader>
        {detail.isPending ? (
          <Skeleton className="h-40" />
        ) : detail.isError ? (
          <LoadError title="It could not be loaded" query={detail} />
        ) : items === null ? (
          <p className="text-muted-foreground text-sm">It was replayed: what it brought is the input of its execution.</p>
        ) : (
          <>
            <div className="relative">
              <pre
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
                tabIndex={0}
                className="max-h-96 overflow-auto whitespace-pre-wrap break-words rounded-md border border-border bg-field p-3 pr-11 font-mono text-xs outline-none focus-visible:ring-2 focus-visible:ring-ring"
              >
                {text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text}
              </pre>
              <CopyButton value={text} label="Copy what it brought" size="icon-sm" className="absolute top-1.5 right-1.5" />
            </div>
            {files.length > 0 ? (
              <p className="text-muted-foreground text-xs">
                {`Files: ${files.map(([name, file]) => `${name} (${file.fileName ?? file.mimeType})`).join(", ")}`}
              </p>
            ) : null}
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
