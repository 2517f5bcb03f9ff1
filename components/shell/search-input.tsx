"use client";
import { Search, X } from "lucide-react";
import { useMemo, useRef } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { useShortcuts } from "./shortcuts";

/** `/` goes there, Escape clears it. */
export function SearchInput({
  value,
  onChange,
  label,
  className,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  className?: string;
}) {
  const ref = useRef<HTMLInputElement>(null);
  useShortcuts(useMemo(() => ({ "/": () => ref.current?.focus() }), []));
  return (
    <div className={cn("group relative", className)}>
      <Search aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted-foreground" />
      <Input
        ref={ref}
        type="search"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (value) onChange("");
          else event.currentTarget.blur();
        }}
        placeholder={label}
        aria-label={label}
        aria-keyshortcuts="/"
        maxLength={200}
        className="px-8"
      />
      {value ? (
        <Button
          variant="ghost"
          size="icon"
          className="absolute top-1 right-1 size-6"
          aria-label="Clear search"
          onClick={() => {
            onChange("");
            ref.current?.focus();
          }}
        >
          <X aria-hidden="true" className="size-3.5" />
        </Button>
      ) : (
        <Kbd aria-hidden="true" className="pointer-events-none absolute top-1.5 right-1.5 group-focus-within:hidden max-sm:hidden">
          /
        </Kbd>
      )}
    </div>
  );
}
