"use client";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

export function SelectControl({ field, value, onChange, label, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useForm();
  const options = field.options ?? [];
  const current = options.findIndex((option) => option.value === value);
  return (
    <Select
      value={current < 0 ? "" : String(current)}
      disabled={readOnly}
      onValueChange={(index) => {
        const chosen = options[Number(index)];
        if (chosen) onChange(chosen.value);
      }}
    >
      <SelectTrigger id={id} aria-label={label} aria-describedby={describedBy} aria-invalid={invalid || undefined}>
        <SelectValue placeholder={typeof value === "string" && value !== "" ? `${value} (unknown)` : "Choose"} />
      </SelectTrigger>
      <SelectContent>
        {options.map((option, index) => (
          <SelectItem key={String(option.value)} value={String(index)}>
            {option.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
