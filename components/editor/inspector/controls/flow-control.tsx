"use client";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronsUpDown, ExternalLink } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { useDebounced } from "@/components/ui/use-debounced";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

const SEARCH_DELAY_MS = 150;

interface FlowPickerProps {
  /** Id; empty for none. */
  value: string;
  onChange: (id: string) => void;
  label: string;
  id?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  disabled?: boolean;
}

/** Chooses a flow of the organization by its name. */
export function FlowPicker({ value, onChange, label, id, describedBy, invalid, disabled }: FlowPickerProps) {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), SEARCH_DELAY_MS);
  const list = useQuery(trpc.flows.list.queryOptions({ ...(search !== "" && { search }), limit: 50 }, { enabled: open }));
  const chosen = useQuery(trpc.flows.get.queryOptions({ id: value }, { enabled: value !== "", retry: false }));
  const name = value === "" ? "Choose a flow" : (chosen.data?.name ?? (chosen.isError ? `${value} (not found)` : value));
  const choose = (flowId: string) => {
    onChange(flowId);
    setOpen(false);
  };
  return (
    <div className="flex min-w-0 items-center gap-1">
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button
            id={id}
            aria-label={`${label}: ${name}`}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            disabled={disabled}
            className="min-w-0 flex-1 justify-between"
          >
            <span className={value === "" ? "truncate text-placeholder" : "truncate"}>{name}</span>
            <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-muted-foreground" />
          </Button>
        </PopoverTrigger>
        <PopoverContent align="start" className="w-72 p-0">
          <Command shouldFilter={false} label={label}>
            <CommandInput placeholder="Search flows" value={text} onValueChange={setText} />
            <CommandList>
              <CommandEmpty>{list.isLoading ? "Loading…" : "No flow of this name."}</CommandEmpty>
              {value === "" ? null : <CommandItem onSelect={() => choose("")}>None</CommandItem>}
              {list.data?.flows.map((flow) => (
                <CommandItem key={flow.id} value={flow.id} onSelect={() => choose(flow.id)}>
                  <span className="truncate">{flow.name}</span>
                  {flow.id === value ? <Check aria-hidden="true" className="ml-auto size-3.5 shrink-0" /> : null}
                </CommandItem>
              ))}
            </CommandList>
          </Command>
        </PopoverContent>
      </Popover>
      {chosen.data ? (
        <Button asChild variant="ghost" size="icon">
          <Link href={`/flows/${value}`} target="_blank" aria-label={`Open ${chosen.data.name}`}>
            <ExternalLink aria-hidden="true" />
          </Link>
        </Button>
      ) : null}
    </div>
  );
}

export function FlowControl({ value, onChange, label, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useForm();
  return (
    <FlowPicker
      value={typeof value === "string" ? value : ""}
      onChange={onChange}
      label={label}
      id={id}
      describedBy={describedBy}
      invalid={invalid}
      disabled={readOnly}
    />
  );
}
