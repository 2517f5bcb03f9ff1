"use client";
import { Check, ChevronDown, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";

export interface FilterOption<T extends string> {
  value: T;
  label: string;
  icon?: ReactNode;
}

/** A filter's button and its list of choices; several may be chosen unless `single`. */
export function FilterMenu<T extends string>({
  label,
  options,
  selected,
  selectedLabel,
  onChange,
  single,
  search,
}: {
  label: string;
  options: FilterOption<T>[];
  selected: T[];
  /** For a choice that is not among the options at hand. */
  selectedLabel?: string;
  onChange: (selected: T[]) => void;
  single?: boolean;
  /** The options come from the server, by this text. */
  search?: { value: string; onChange: (value: string) => void; placeholder: string; empty: string };
}) {
  const [open, setOpen] = useState(false);
  const commandRef = useRef<HTMLDivElement>(null);
  const chosen = selected.map((value) => options.find((option) => option.value === value)?.label ?? selectedLabel ?? "1 chosen");
  const toggle = (value: T) => {
    if (single) {
      onChange(selected.includes(value) ? [] : [value]);
      setOpen(false);
    } else {
      onChange(selected.includes(value) ? selected.filter((other) => other !== value) : [...selected, value]);
    }
  };
  return (
    <div className="flex min-w-0">
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button
            aria-label={chosen.length > 0 ? `${label}: ${chosen.join(", ")}` : label}
            className={cn("min-w-0 max-w-60", chosen.length > 0 && "rounded-r-none border-r-0")}
          >
            <span className={cn("truncate", chosen.length === 0 && "text-muted-foreground")}>
              {chosen.length === 0 ? label : chosen.length > 2 ? `${label}: ${chosen.length}` : chosen.join(", ")}
            </span>
            {chosen.length === 0 ? <ChevronDown aria-hidden="true" className="size-3.5 text-muted-foreground" /> : null}
          </Button>
        </PopoverTrigger>
        <PopoverContent
          aria-label={label}
          className="w-60 p-0"
          onOpenAutoFocus={(event) => {
            if (search) return;
            // No field to type in: the list itself takes the arrow keys.
            event.preventDefault();
            commandRef.current?.focus();
          }}
        >
          <Command ref={commandRef} shouldFilter={!search} label={label}>
            {search ? <CommandInput value={search.value} onValueChange={search.onChange} placeholder={search.placeholder} /> : null}
            <CommandList>
              {search ? <CommandEmpty>{search.empty}</CommandEmpty> : null}
              {options.map(({ value, label: text, icon }) => (
                <CommandItem
                  key={value}
                  value={value}
                  onSelect={() => toggle(value)}
                  aria-checked={selected.includes(value)}
                  className="min-h-8 py-1"
                >
                  {icon}
                  <span className="min-w-0 flex-1 truncate">{text}</span>
                  <Check aria-hidden="true" className={cn("size-3.5 text-foreground", !selected.includes(value) && "invisible")} />
                </CommandItem>
              ))}
            </CommandList>
          </Command>
        </PopoverContent>
      </Popover>
      {chosen.length > 0 ? (
        <Button size="icon" className="rounded-l-none" aria-label={`Clear filter ${label}`} onClick={() => onChange([])}>
          <X aria-hidden="true" className="size-3.5 text-muted-foreground" />
        </Button>
      ) : null}
    </div>
  );
}
