"use client";
import { FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import type { Placement } from "@/flow/credentials/settings";

/** Where in a request an API key goes. */
export function PlacementFields({ placement, onChange }: { placement: Placement; onChange: (placement: Placement) => void }) {
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-[7rem_1fr_1fr]">
      <FormField label="Sent in">
        {({ id }) => (
          <Select value={placement.in} onValueChange={(value) => onChange({ ...placement, in: value as Placement["in"] })}>
            <SelectTrigger id={id}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="header">Header</SelectItem>
              <SelectItem value="query">Query</SelectItem>
            </SelectContent>
          </Select>
        )}
      </FormField>
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
