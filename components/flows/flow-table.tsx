"use client";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { moveBetweenRows } from "@/components/ui/row-keys";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";

/** Columns have fixed widths: rows that arrive move nothing. */
export function FlowTable({ children, busy }: { children: ReactNode; busy?: boolean }) {
  return (
    <Card className="overflow-hidden" onKeyDown={moveBetweenRows} aria-busy={busy}>
      <Table className="table-fixed">
        <thead>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead className="w-32 max-sm:hidden">Last run</TableHead>
            <TableHead className="w-28 max-md:hidden">Changed</TableHead>
            <TableHead className="w-18">Active</TableHead>
            <TableHead className="w-11">
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </Table>
    </Card>
  );
}

export function FlowTableSkeleton() {
  return (
    <FlowTable busy>
      {[44, 60, 36, 52, 40].map((width) => (
        <TableRow key={width}>
          <TableCell className="h-14">
            <Skeleton className="h-4" style={{ width: `${width}%` }} />
          </TableCell>
          <TableCell className="max-sm:hidden">
            <Skeleton className="h-3.5 w-16" />
          </TableCell>
          <TableCell className="max-md:hidden">
            <Skeleton className="h-3.5 w-12" />
          </TableCell>
          <TableCell>
            <Skeleton className="h-4.5 w-8 rounded-full" />
          </TableCell>
          <TableCell />
        </TableRow>
      ))}
    </FlowTable>
  );
}
