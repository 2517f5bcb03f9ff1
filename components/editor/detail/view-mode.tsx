"use client";
import { useState } from "react";
import { cn } from "@/components/ui/cn";

export type DataViewMode = "schema" | "table" | "json";
const MODES: { mode: DataViewMode; label: string }[] = [
  { mode: "schema", label: "Schema" },
  { mode: "table", label: "Table" },
  { mode: "json", label: "JSON" },
];

/** The way that data is looked at, as the person chose it last in this panel. */
export function useViewMode(panel: "input" | "output"): [DataViewMode, (mode: DataViewMode) => void] {
  const key = `tolstoy:view:${panel}`;
  const [mode, setMode] = useState<DataViewMode>(() => {
    const stored = typeof window === "undefined" ? null : localStorage.getItem(key);
    return MODES.find((each) => each.mode === stored)?.mode ?? (panel === "input" ? "schema" : "table");
  });
  return [
    mode,
    (next) => {
      localStorage.setItem(key, next);
      setMode(next);
    },
  ];
}

export function ViewModeSwitch({ mode, onMode, label }: { mode: DataViewMode; onMode: (mode: DataViewMode) => void; label: string }) {
  return (
    <fieldset className="flex rounded-md bg-subtle p-0.5 text-xs">
      <legend className="sr-only">{label}</legend>
      {MODES.map((each) => (
        <button
          key={each.mode}
          type="button"
          aria-pressed={mode === each.mode}
          onClick={() => onMode(each.mode)}
          className={cn(
            "h-6 cursor-pointer rounded px-2 font-medium text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
            mode === each.mode && "bg-raised text-foreground shadow-xs",
          )}
        >
          {each.label}
        </button>
      ))}
    </fieldset>
  );
}
