"use client";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { SearchInput } from "@/components/shell/search-input";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { Method } from "./method";

interface ListedAction {
  id: string;
  name: string;
  key: string;
  description: string | null;
  group: string | null;
  method: string;
  endpoint: string;
  deprecated: boolean;
}

/** Pixels of a row: all are alike, so that only those in sight are drawn. */
const ROW = 52;
const HEIGHT = 620;
const SPARE = 8;

/** The actions of a tool with a search over all of them; as quick with thousands. */
export function ActionList({
  actions,
  selected,
  onSelect,
}: {
  actions: readonly ListedAction[];
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  const [text, setText] = useState("");
  const [top, setTop] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const query = useDeferredValue(text);
  const indexed = useMemo(
    () =>
      actions.map((action) => ({
        action,
        text: `${action.name} ${action.key} ${action.method} ${action.endpoint} ${action.group ?? ""} ${action.description ?? ""}`.toLowerCase(),
      })),
    [actions],
  );
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return indexed.filter((entry) => words.every((word) => entry.text.includes(word))).map(({ action }) => action);
  }, [indexed, query]);
  const from = Math.max(0, Math.floor(top / ROW) - SPARE);
  const shown = found.slice(from, from + Math.ceil(HEIGHT / ROW) + 2 * SPARE);
  const move = (by: number) => {
    const index = found.findIndex(({ id }) => id === selected);
    const next = found[Math.min(found.length - 1, Math.max(0, index + by))];
    if (!next) return;
    onSelect(next.id);
    const at = found.indexOf(next) * ROW;
    const element = scroller.current;
    if (element && (at < element.scrollTop || at + ROW > element.scrollTop + element.clientHeight))
      element.scrollTop = at - element.clientHeight / 2;
  };
  const activeId = shown.some(({ id }) => id === selected) ? `action-${selected}` : undefined;
  return (
    // Stays beside a long form: another action is chosen without the way back up.
    <Card className="top-4 flex min-w-0 flex-col self-start overflow-hidden md:sticky">
      <div className="border-border border-b p-2">
        <SearchInput
          label={`Search ${actions.length} ${actions.length === 1 ? "action" : "actions"}`}
          value={text}
          onChange={(next) => {
            setText(next);
            setTop(0);
            if (scroller.current) scroller.current.scrollTop = 0;
          }}
        />
      </div>
      <div
        ref={scroller}
        role="listbox"
        aria-label="Actions"
        aria-activedescendant={activeId}
        tabIndex={0}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          move(by);
        }}
        // Where the action stands below the list, its beginning has to be in sight, or choosing seems to do nothing.
        className="max-h-[min(38.75rem,70vh)] overflow-y-auto outline-none focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset max-md:max-h-60"
      >
        <div className="relative" style={{ height: found.length * ROW }}>
          {shown.map((action, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, as a listbox does
            <div
              key={action.id}
              id={`action-${action.id}`}
              role="option"
              aria-selected={action.id === selected}
              aria-setsize={found.length}
              aria-posinset={from + index + 1}
              tabIndex={-1}
              onClick={() => onSelect(action.id)}
              className={cn(
                "absolute inset-x-0 cursor-pointer border-border-subtle border-b px-3 py-1.5 hover:bg-row-hover",
                action.id === selected && "bg-primary-soft hover:bg-primary-soft",
              )}
              style={{ top: (from + index) * ROW, height: ROW }}
            >
              <span className={cn("block truncate font-medium text-sm", action.deprecated && "text-muted-foreground line-through")}>
                {action.name}
              </span>
              <span className="flex min-w-0 items-center gap-1.5 text-xs">
                <Method method={action.method} />
                <span className="truncate font-mono text-muted-foreground">{action.endpoint}</span>
              </span>
            </div>
          ))}
        </div>
        {found.length === 0 ? <p className="px-3 py-8 text-center text-muted-foreground text-sm">No action matches “{query}”.</p> : null}
      </div>
    </Card>
  );
}
