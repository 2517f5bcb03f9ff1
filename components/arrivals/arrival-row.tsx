"use client";
import { RotateCcw, Trash2 } from "lucide-react";
import Link from "next/link";
import { Mode } from "@/components/executions/mode";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { ListColumn } from "@/components/ui/list-table";
import { RelativeTime } from "@/components/ui/relative-time";
import { TableCell, TableRow } from "@/components/ui/table";
import { Tooltip } from "@/components/ui/tooltip";
import type { ArrivalSummary } from "./arrivals-page";

const REASONS: Record<ArrivalSummary["heldFor"], string> = {
  inactive: "Flow was off",
  broken: "Flow was broken",
  busy: "Waits for room",
  refused: "Too much was queued",
  test: "Test",
};

export const ARRIVAL_COLUMNS: ListColumn[] = [
  { title: "Flow", bar: "h-4" },
  { title: "Trigger", className: "w-28 max-md:hidden", bar: "w-16" },
  { title: "Kept because", className: "w-36 max-sm:hidden", bar: "h-4 w-20" },
  { title: "Came", className: "w-24 max-sm:hidden", bar: "w-12" },
  { title: "Bytes", className: "w-28 text-right max-lg:hidden", bar: "w-10" },
  { title: "Actions", className: "w-40", quiet: true },
];

export function ArrivalRow({
  arrival,
  pending,
  onShow,
  onReplay,
  onDiscard,
}: {
  arrival: ArrivalSummary;
  pending: boolean;
  onShow: () => void;
  onReplay: () => void;
  onDiscard: () => void;
}) {
  const canEdit = useCan("editor");
  const { flowName, type, heldFor, receivedAt, size, replayedAs } = arrival;
  return (
    <TableRow>
      <TableCell className="max-md:py-2">
        <button
          type="button"
          onClick={onShow}
          className="max-w-full cursor-pointer truncate rounded text-left font-medium outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
        >
          {flowName}
        </button>
        <div className="md:hidden">
          <Mode mode={type} />
        </div>
        <p className="text-muted-foreground text-xs sm:hidden">
          {REASONS[heldFor]} · <RelativeTime at={receivedAt} />
        </p>
      </TableCell>
      <TableCell className="max-md:hidden">
        <Mode mode={type} />
      </TableCell>
      <TableCell className="max-sm:hidden">
        <Badge tone={heldFor === "broken" ? "warning" : "neutral"}>{REASONS[heldFor]}</Badge>
      </TableCell>
      <TableCell className="text-muted-foreground text-xs max-sm:hidden">
        <RelativeTime at={receivedAt} />
      </TableCell>
      <TableCell className="text-right text-muted-foreground text-xs tabular-nums max-lg:hidden">{size.toLocaleString("en")}</TableCell>
      <TableCell className="text-right">
        {replayedAs ? (
          <Button variant="link" size="sm" asChild>
            <Link href={`/executions/${replayedAs}`}>Open execution</Link>
          </Button>
        ) : canEdit ? (
          <span className="inline-flex items-center gap-1">
            <Button size="sm" pending={pending} onClick={onReplay}>
              <RotateCcw aria-hidden="true" />
              Replay
            </Button>
            <Tooltip content="Discard">
              <Button variant="ghost" size="icon-sm" aria-label={`Discard this arrival of ${flowName}`} onClick={onDiscard}>
                <Trash2 aria-hidden="true" />
              </Button>
            </Tooltip>
          </span>
        ) : null}
      </TableCell>
    </TableRow>
  );
}
