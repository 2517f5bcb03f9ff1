"use client";
import { ChoiceField } from "@/components/ui/choice";
import { FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
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
      <FormField label={placement.in === "header" ? "Header" : "Parameter"}>
        {(control) => (
          <Input
            {...control}
            value={placement.name}
            autoComplete="off"
            onChange={(event) => onChange({ ...placement, name: event.target.value })}
          />
        )}
      </FormField>
      <FormField label="Before it (optional)">
        {(control) => (
          <Input
            {...control}
            value={placement.prefix}
            placeholder="Token "
            autoComplete="off"
            onChange={(event) => onChange({ ...placement, prefix: event.target.value })}
          />
        )}
      </FormField>
    </div>
  );
}
