"use client";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { useDebounced } from "@/components/ui/use-debounced";
import { executionModeSchema, executionStatusSchema } from "@/flow/execution/status";
import { FilterMenu } from "./filter-menu";
import { type ExecutionFilters, hasFilters, NO_FILTERS, PERIODS } from "./filters";
import { MODES } from "./mode";
import { StatusIcon, statusLabel } from "./status";

const STATUS_OPTIONS = executionStatusSchema.options.map((status) => ({
  value: status,
  label: statusLabel(status),
  icon: <StatusIcon status={status} className="motion-safe:animate-none" />,
}));

const MODE_OPTIONS = executionModeSchema.options.map((mode) => {
  const { label, icon: Icon } = MODES[mode];
  return { value: mode, label, icon: <Icon aria-hidden="true" /> };
});

const PERIOD_OPTIONS = PERIODS.map(({ value, label }) => ({ value, label }));
const SEARCH_DELAY_MS = 150;

export function FilterBar({ filters, onChange }: { filters: ExecutionFilters; onChange: (filters: ExecutionFilters) => void }) {
  return (
    <search aria-label="Filters" className="flex flex-wrap items-center gap-2">
      <PayloadSearch
        key={filters.search === "" ? "empty" : "set"}
        search={filters.search}
        onChange={(search) => onChange({ ...filters, search })}
      />
      <FlowFilter flowId={filters.flowId} onChange={(flowId) => onChange({ ...filters, flowId })} />
      <FilterMenu
        label="Status"
        options={STATUS_OPTIONS}
        selected={filters.statuses}
        onChange={(statuses) => onChange({ ...filters, statuses })}
      />
      <FilterMenu
        label="Started by"
        options={MODE_OPTIONS}
        selected={filters.modes}
        onChange={(modes) => onChange({ ...filters, modes })}
      />
      <FilterMenu
        label="Any time"
        single
        options={PERIOD_OPTIONS}
        selected={filters.period ? [filters.period] : []}
        onChange={([period]) => onChange({ ...filters, period: period ?? null })}
      />
      <Button
        aria-pressed={filters.needsDecision}
        className="text-muted-foreground aria-pressed:bg-hover aria-pressed:text-foreground"
        onClick={() => onChange({ ...filters, needsDecision: !filters.needsDecision })}
      >
        Needs decision
      </Button>
      {hasFilters(filters) ? (
        <Button variant="ghost" onClick={() => onChange(NO_FILTERS)}>
          Clear all
        </Button>
      ) : null}
    </search>
  );
}

/** Takes effect with Enter or on leaving: each search asks the whole index. */
function PayloadSearch({ search, onChange }: { search: string; onChange: (search: string) => void }) {
  const [text, setText] = useState(search);
  const submit = () => {
    if (text.trim() !== search) onChange(text.trim());
  };
  return (
    <div className="relative w-60 max-sm:w-full">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted-foreground" />
      <Input
        type="search"
        aria-label="Search what executions were given and gave"
        title="A value, or a key and its value: order_id = 123. Several are joined by “and”."
        placeholder="Search data: order_id = 123"
        value={text}
        className="px-8"
        onChange={(event) => setText(event.target.value)}
        onBlur={submit}
        onKeyDown={(event) => {
          if (event.key === "Enter") submit();
        }}
      />
      {text.trim() === search ? null : (
        <Kbd title="Press Enter to search" className="pointer-events-none absolute top-1.5 right-1.5">
          ↵
        </Kbd>
      )}
    </div>
  );
}

function FlowFilter({ flowId, onChange }: { flowId: string | null; onChange: (flowId: string | null) => void }) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), SEARCH_DELAY_MS);
  const { data } = useQuery(
    trpc.flows.list.queryOptions(
      { search: search || undefined, limit: 50 },
      { placeholderData: (previous) => previous, staleTime: 30_000 },
    ),
  );
  const options = data?.flows.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const known = options.some(({ value }) => value === flowId);
  // A link may name a flow that is not on the list's first page.
  const named = useQuery(
    trpc.flows.get.queryOptions({ id: flowId ?? "" }, { enabled: flowId !== null && data !== undefined && !known, retry: false }),
  );
  return (
    <FilterMenu
      label="Flow"
      single
      options={options}
      selected={flowId ? [flowId] : []}
      selectedLabel={named.data?.name ?? (named.isError ? "Deleted flow" : "…")}
      onChange={([id]) => onChange(id ?? null)}
      search={{ value: text, onChange: setText, placeholder: "Find a flow…", empty: "No flow is called that." }}
    />
  );
}
