"use client";
import type { ReactNode } from "react";
import { Card } from "./card";
import { cn } from "./cn";
import { moveBetweenRows } from "./row-keys";
import { Skeleton } from "./skeleton";
import { Table, TableCell, TableHead, TableRow } from "./table";

export interface ListColumn {
  title: string;
  /** Width, alignment, and below which width of the window it is left out. */
  className?: string;
  /** Only readers are told its title. */
  quiet?: boolean;
  /** What stands for its content while that is loaded, as classes of a bar; nothing when absent. */
  bar?: string;
}

/** A list of things on a card, one a row. Columns have fixed widths: rows that arrive move nothing. Arrow keys go from row to row. */
export function ListTable({ columns, children, busy }: { columns: readonly ListColumn[]; children: ReactNode; busy?: boolean }) {
  return (
    <Card className="overflow-hidden" onKeyDown={moveBetweenRows} aria-busy={busy}>
      <Table className="table-fixed">
        <thead>
          <tr>
            {columns.map(({ title, className, quiet }) => (
              <TableHead key={title} className={className}>
                {quiet ? <span className="sr-only">{title}</span> : title}
              </TableHead>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </Table>
    </Card>
  );
}

/** The same table before its rows are there. */
export function ListTableSkeleton({ columns, rows = 6, rowHeight }: { columns: readonly ListColumn[]; rows?: number; rowHeight?: string }) {
  return (
    <ListTable columns={columns} busy>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows stand for nothing yet
        <TableRow key={row}>
          {columns.map(({ title, className, bar }) => (
            <TableCell key={title} className={cn(className, rowHeight)}>
              {bar ? (
                <Skeleton className={cn("h-3.5", className?.includes("text-right") && "ml-auto", bar)} style={lengthOf(bar, row)} />
              ) : null}
            </TableCell>
          ))}
        </TableRow>
      ))}
    </ListTable>
  );
}

/** Names differ in length; a bar without a width of its own does, too. */
const lengthOf = (bar: string, row: number) => (/\bw-/.test(bar) ? undefined : { width: `${34 + ((row * 17) % 29)}%` });
