"use client";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { moveBetweenRows } from "@/components/ui/row-keys";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";

export function ExecutionTable({ children, busy }: { children: ReactNode; busy?: boolean }) {
  return (
    <Card className="overflow-hidden" onKeyDown={moveBetweenRows} aria-busy={busy}>
      <Table className="table-fixed">
        <thead>
          <tr>
            <TableHead className="w-32 max-sm:hidden">Status</TableHead>
            <TableHead>Flow</TableHead>
            <TableHead className="w-28 max-md:hidden">Started by</TableHead>
            <TableHead className="w-24 max-sm:hidden">When</TableHead>
            <TableHead className="w-24 text-right max-sm:hidden">Duration</TableHead>
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

export function ExecutionTableSkeleton() {
  return (
    <ExecutionTable busy>
      {[40, 55, 35, 48, 60, 42, 38].map((width) => (
        <TableRow key={width}>
          <TableCell className="max-sm:hidden">
            <Skeleton className="h-4 w-20" />
          </TableCell>
          <TableCell>
            <Skeleton className="h-4" style={{ width: `${width}%` }} />
          </TableCell>
          <TableCell className="max-md:hidden">
            <Skeleton className="h-3.5 w-16" />
          </TableCell>
          <TableCell className="max-sm:hidden">
            <Skeleton className="h-3.5 w-12" />
          </TableCell>
          <TableCell className="max-sm:hidden">
            <Skeleton className="ml-auto h-3.5 w-12" />
          </TableCell>
          <TableCell />
        </TableRow>
      ))}
    </ExecutionTable>
  );
}
