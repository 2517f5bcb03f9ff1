"use client";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import type { Json } from "@/flow/item";

const FIRST = 100;
const LONG_TEXT = 2000;

/** JSON that opens and closes; long lists and texts show their beginning, and more on demand. */
export function JsonTree({ value }: { value: Json }) {
  return (
    <div className="overflow-x-auto rounded-md border border-border bg-field p-2 font-mono text-xs leading-5">
      <Value value={value} depth={0} />
    </div>
  );
}

function Value({ value, name, depth }: { value: Json; name?: string; depth: number }) {
  const [open, setOpen] = useState(depth < 3);
  const [shown, setShown] = useState(FIRST);
  const label = name === undefined ? null : <span className="whitespace-pre text-info-text">{`${JSON.stringify(name)}: `}</span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div className="whitespace-pre-wrap break-words pl-4">
        {label}
        <Scalar value={value} />
      </div>
    );
  }
  const entries: [string | undefined, Json][] = Array.isArray(value) ? value.map((entry) => [undefined, entry]) : Object.entries(value);
  const [left, right] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        {label}
        {left + right}
      </div>
    );
  }
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-label={`${open ? "Close" : "Open"} ${name ?? (Array.isArray(value) ? "list" : "object")}`}
        onClick={() => setOpen(!open)}
        className="flex cursor-pointer items-center rounded text-left outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring"
      >
        <ChevronRight aria-hidden="true" className={cn("mr-0.5 size-3.5 shrink-0 text-muted-foreground", open && "rotate-90")} />
        {label}
        {left}
        {open ? null : <span className="text-placeholder">{` ${entries.length} ${right}`}</span>}
      </button>
      {open ? (
        <>
          <div className="pl-4">
            {entries.slice(0, shown).map(([key, entry], index) => (
              <Value key={key ?? index} value={entry} name={key} depth={depth + 1} />
            ))}
            {entries.length > shown ? (
              <button
                type="button"
                onClick={() => setShown(shown + FIRST)}
                className="ml-4 cursor-pointer rounded text-primary-text outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
              >
                {`Show more (${entries.length - shown} left)`}
              </button>
            ) : null}
          </div>
          <div className="pl-4">{right}</div>
        </>
      ) : null}
    </div>
  );
}

function Scalar({ value }: { value: string | number | boolean | null }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== "string") return <span className={value === null ? "text-placeholder" : "text-warning-text"}>{String(value)}</span>;
  const cut = !whole && value.length > LONG_TEXT;
  return (
    <span className="text-success-text">
      {JSON.stringify(cut ? value.slice(0, LONG_TEXT) : value)}
      {cut ? (
        <button type="button" onClick={() => setWhole(true)} className="ml-1 cursor-pointer text-primary-text hover:underline">
          {`Show all ${value.length} characters`}
        </button>
      ) : null}
    </span>
  );
}
