"use client";
import { ChoiceField } from "@/components/ui/choice";
import { TextField } from "@/components/ui/text-field";
import type { Placement } from "@/flow/credentials/settings";

const PLACES = [
  { value: "header", label: "Header" },
  { value: "query", label: "Query" },
] as const;

/** Where in a request an API key goes. */
export function PlacementFields({ placement, onChange }: { placement: Placement; onChange: (placement: Placement) => void }) {
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-[7rem_1fr_1fr]">
      <ChoiceField label="Sent in" value={placement.in} options={PLACES} onChange={(place) => onChange({ ...placement, in: place })} />
      <TextField
        label={placement.in === "header" ? "Header" : "Parameter"}
        value={placement.name}
        onChange={(event) => onChange({ ...placement, name: event.target.value })}
      />
      <TextField
        label="Before it (optional)"
        value={placement.prefix}
        placeholder="Token "
        onChange={(event) => onChange({ ...placement, prefix: event.target.value })}
      />
    </div>
  );
}
