"use client";
import { ChevronLeft, ChevronRight, File } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { Item } from "@/flow/item";
import { formatCount } from "../format";
import { JsonTree } from "./json-tree";
import { SchemaView } from "./schema-view";
import { TableView } from "./table-view";
import { PAGE } from "./use-step";
import type { DataViewMode } from "./view-mode";

export interface ItemsViewProps {
  items: readonly Item[];
  total: number;
  /** Index of the first of `items`. */
  offset: number;
  onOffset?: (offset: number) => void;
  mode: DataViewMode;
  /** Source text of an item's json in expressions; without it fields cannot be dragged. */
  accessor?: string;
  /** The item that expressions are previewed for. */
  current?: number;
  onCurrent?: (index: number) => void;
}

/** Items as schema, table or JSON, a page at a time. */
export function ItemsView({ items, total, offset, onOffset, mode, accessor, current, onCurrent }: ItemsViewProps) {
  if (total === 0) return <p className="px-1 py-3 text-muted-foreground text-sm">No items.</p>;
  const shown = items[(current ?? offset) - offset] ?? items[0];
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <div className="flex min-h-7 items-center justify-between gap-2 text-muted-foreground text-xs">
        <span className="tabular-nums">
          {total > items.length ? `${offset + 1}–${offset + items.length} of ${formatCount(total, "item")}` : formatCount(total, "item")}
        </span>
        <span className="flex items-center">
          {onOffset && total > items.length ? (
            <>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label="Earlier items"
                disabled={offset === 0}
                onClick={() => onOffset(Math.max(0, offset - PAGE))}
              >
                <ChevronLeft aria-hidden="true" />
              </Button>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label="Later items"
                disabled={offset + items.length >= total}
                onClick={() => onOffset(offset + PAGE)}
              >
                <ChevronRight aria-hidden="true" />
              </Button>
            </>
          ) : null}
          {mode === "json" ? (
            <CopyButton
              label="Copy as JSON"
              value={JSON.stringify(
                items.map((item) => item.json),
                null,
                2,
              )}
            />
          ) : null}
        </span>
      </div>
      {mode === "schema" ? <SchemaView items={shown ? [shown, ...items] : items} accessor={accessor} /> : null}
      {mode === "table" ? <TableView items={items} offset={offset} accessor={accessor} current={current} onCurrent={onCurrent} /> : null}
      {mode === "json" ? <JsonTree value={items.map((item) => item.json)} /> : null}
      <Files items={items} />
    </div>
  );
}

const MAX_FILES = 20;

function Files({ items }: { items: readonly Item[] }) {
  const files = items.flatMap((item, index) => Object.entries(item.binary ?? {}).map(([name, file]) => ({ index, name, file })));
  if (files.length === 0) return null;
  return (
    <section aria-label="Files" className="grid gap-1">
      <h4 className="font-medium text-muted-foreground text-xs">Files</h4>
      {files.slice(0, MAX_FILES).map(({ index, name, file }) => (
        <div key={`${index}-${name}`} className="flex items-center gap-2 rounded-md border border-border px-2 py-1.5 text-xs">
          <File aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          <span className="min-w-0 truncate font-medium">{file.fileName ?? name}</span>
          <span className="ml-auto shrink-0 text-muted-foreground">
            {file.mimeType}
            {file.fileSize === undefined ? "" : ` · ${formatBytes(file.fileSize)}`}
          </span>
        </div>
      ))}
      {files.length > MAX_FILES ? <p className="text-muted-foreground text-xs">{`and ${files.length - MAX_FILES} more`}</p> : null}
    </section>
  );
}

const formatBytes = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
