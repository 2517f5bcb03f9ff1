"use client";
import { RotateCcw, Trash2 } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { Tooltip } from "@/components/ui/tooltip";
import type { ArrivalSummary } from "./arrivals-page";

const REASONS: Record<ArrivalSummary["heldFor"], string> = {
  inactive: "Flow was off",
  broken: "Flow was broken",
  busy: "Too much was queued",
  test: "Test",
};

export function ArrivalTable({ children, busy }: { children: ReactNode; busy?: boolean }) {
  return (
    <Card className="overflow-hidden" aria-busy={busy}>
      <Table className="table-fixed">
        <thead>
          <tr>
            <TableHead>Flow</TableHead>
            <TableHead className="w-36 max-sm:hidden">Kept because</TableHead>
            <TableHead className="w-24 max-sm:hidden">Came</TableHead>
            <TableHead className="w-28 text-right max-md:hidden">Bytes</TableHead>
            <TableHead className="w-40">
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </Table>
    </Card>
  );
}

export function ArrivalTableSkeleton() {
  return (
    <ArrivalTable busy>
      {[40, 55, 35, 48].map((width) => (
        <TableRow key={width}>
          <TableCell>
            <Skeleton className="h-4" style={{ width: `${width}%` }} />
          </TableCell>
          <TableCell className="max-sm:hidden">
            <Skeleton className="h-4 w-20" />
          </TableCell>
          <TableCell className="max-sm:hidden">
            <Skeleton className="h-3.5 w-12" />
          </TableCell>
          <TableCell className="max-md:hidden" />
          <TableCell />
        </TableRow>
      ))}
    </ArrivalTable>
  );
}

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
  const { flowName, heldFor, receivedAt, size, replayedAs } = arrival;
  return (
    <TableRow>
      <TableCell>
        <button
          type="button"
          onClick={onShow}
          className="max-w-full cursor-pointer truncate rounded text-left font-medium outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
        >
          {flowName}
        </button>
        <p className="text-muted-foreground text-xs sm:hidden">
          <RelativeTime at={receivedAt} />
        </p>
      </TableCell>
      <TableCell className="max-sm:hidden">
        <Badge tone={heldFor === "broken" ? "warning" : "neutral"}>{REASONS[heldFor]}</Badge>
      </TableCell>
      <TableCell className="text-muted-foreground text-xs max-sm:hidden">
        <RelativeTime at={receivedAt} />
      </TableCell>
      <TableCell className="text-right text-muted-foreground text-xs tabular-nums max-md:hidden">{size.toLocaleString("en")}</TableCell>
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
