"use client";
import { type ReactNode, useId } from "react";
import { Choice } from "@/components/ui/choice";
import { FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Switch } from "@/components/ui/switch";
import { TextField } from "@/components/ui/text-field";
import { type Span, UNITS, type Unit } from "./fields";

interface FieldProps<T> {
  label: string;
  hint?: ReactNode;
  error: string | undefined;
  placeholder?: string;
  value: T;
  onChange: (value: T) => void;
}

/** Equal values share the limit. */
export function KeyField({ onChange, ...props }: Pick<FieldProps<string>, "error" | "value" | "onChange">) {
  return (
    <TextField
      label="For each value of"
      hint="An expression over the item that arrives. Empty: for the flow as a whole."
      placeholder="{{ $json.customerId }}"
      {...props}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

const UNIT_OPTIONS = (Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: value }));

export function SpanField({ label, hint, error, placeholder, value, onChange }: FieldProps<Span>) {
  return (
    <FormField label={label} hint={hint} error={error ?? null}>
      {(control) => (
        <div className="grid grid-cols-[1fr_8.5rem] gap-2">
          <Input
            {...control}
            inputMode="decimal"
            placeholder={placeholder}
            value={value.amount}
            onChange={(event) => onChange({ ...value, amount: event.target.value })}
          />
          <Choice
            aria-label={`Unit of ${label.toLowerCase()}`}
            value={value.unit}
            options={UNIT_OPTIONS}
            onChange={(unit) => onChange({ ...value, unit })}
          />
        </div>
      )}
    </FormField>
  );
}

/** A rule that is on or off, with its details while it is on. */
export function Rule({
  label,
  hint,
  on,
  onChange,
  children,
}: {
  label: string;
  hint: string;
  on: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid gap-3">
      <div className="flex items-start justify-between gap-4">
        <div className="grid gap-0.5">
          <Label htmlFor={id}>{label}</Label>
          <p id={`${id}-hint`} className="text-muted-foreground text-xs">
            {hint}
          </p>
        </div>
        <Switch id={id} aria-describedby={`${id}-hint`} checked={on} onCheckedChange={onChange} />
      </div>
      {on ? <div className="grid gap-3 border-border border-l-2 pl-3">{children}</div> : null}
    </div>
  );
}
