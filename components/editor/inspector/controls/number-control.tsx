"use client";
import { useState } from "react";
import { Input } from "@/components/ui/input";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

/** Keeps what is typed until it is a number: `-` and `1.` are on the way to one. */
export function NumberControl({ field, value, onChange, label, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (typeof value === "number" || typeof value === "string" ? String(value) : "");
  return (
    <Input
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      inputMode={field.valueType === "integer" ? "numeric" : "decimal"}
      value={shown}
      placeholder={field.hints.placeholder ?? (typeof field.defaultValue === "number" ? String(field.defaultValue) : undefined)}
      readOnly={readOnly}
      autoComplete="off"
      onChange={(event) => {
        const text = event.target.value.trim();
        setTyped(event.target.value);
        if (text === "") onChange(undefined);
        else if (Number.isFinite(Number(text))) onChange(Number(text));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
