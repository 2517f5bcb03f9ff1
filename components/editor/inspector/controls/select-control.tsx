"use client";
import { Choice } from "@/components/ui/choice";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

export function SelectControl({ field, value, onChange, label, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useForm();
  const options = field.options ?? [];
  const current = options.findIndex((option) => option.value === value);
  return (
    <Choice
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      value={current < 0 ? "" : String(current)}
      options={options.map((option, index) => ({ value: String(index), label: option.label }))}
      disabled={readOnly}
      onChange={(index) => {
        const chosen = options[Number(index)];
        if (chosen) onChange(chosen.value);
      }}
      placeholder={typeof value === "string" && value !== "" ? `${value} (unknown)` : "Choose"}
    />
  );
}
