"use client";
import { cn } from "@/components/ui/cn";
import type { Item } from "@/flow/item";
import { accessor as accessorOf } from "../inspector/paths";
import { columnsOf, shortText } from "./data-schema";
import { startExpressionDrag } from "./schema-view";

const MAX_COLUMNS = 40;

/** Items as rows. A press on a row makes it the one that expressions are previewed for. */
export function TableView({
  items,
  offset,
  accessor,
  current,
  onCurrent,
}: {
  items: readonly Item[];
  offset: number;
  accessor?: string | undefined;
  current?: number | undefined;
  onCurrent?: ((index: number) => void) | undefined;
}) {
  const { columns, more } = columnsOf(items, MAX_COLUMNS);
  return (
    <div className="max-w-full overflow-x-auto rounded-md border border-border">
      <table className="w-full border-collapse text-xs">
        <thead className="bg-subtle text-left">
          <tr>
            <th scope="col" className="w-8 px-2 py-1.5 font-normal text-placeholder">
              <span className="sr-only">Item</span>#
            </th>
            {columns.map((column) => {
              const source = accessor === undefined ? null : accessorOf(accessor, [column]);
              return (
                <th
                  key={column}
                  scope="col"
                  draggable={source !== null}
                  onDragStart={source === null ? undefined : (event) => startExpressionDrag(event, source, column)}
                  className={cn("whitespace-nowrap px-2 py-1.5 font-medium", source && "cursor-grab")}
                >
                  {column}
                </th>
              );
            })}
            {more > 0 ? <th className="whitespace-nowrap px-2 py-1.5 font-normal text-muted-foreground">{`+${more} more`}</th> : null}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => {
            const position = offset + index;
            const cells = columns.map((column) => (
              <td key={column} title={shortText(item.json[column], 500)} className="max-w-64 truncate px-2 py-1 align-top">
                {shortText(item.json[column])}
              </td>
            ));
            return (
              <tr key={position} className={cn("border-border border-t", onCurrent && current === position && "bg-primary-soft")}>
                <td className="px-2 py-1 text-placeholder tabular-nums">
                  {onCurrent ? (
                    <button
                      type="button"
                      aria-label={`Preview with item ${position + 1}`}
                      aria-pressed={current === position}
                      onClick={() => onCurrent(position)}
                      className="cursor-pointer rounded px-0.5 outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
                    >
                      {position + 1}
                    </button>
                  ) : (
                    position + 1
                  )}
                </td>
                {cells}
                {more > 0 ? <td /> : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
