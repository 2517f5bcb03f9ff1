"use client";
import type { ComponentProps, ReactNode } from "react";
import { FormField } from "./form-field";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "./select";

interface ChoiceProps<T extends string> extends Omit<ComponentProps<typeof SelectTrigger>, "value" | "onChange" | "disabled"> {
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  disabled?: boolean;
  /** Shown while the value is none of the options. */
  placeholder?: string;
}

/** Stands for an option whose value is empty: to the list itself that means that nothing is chosen. */
const EMPTY = "\u0000";

/** One of a list of options. */
export function Choice<T extends string>({ value, options, onChange, disabled, placeholder, ...trigger }: ChoiceProps<T>) {
  const held = options.some((option) => option.value === value) ? value || EMPTY : "";
  return (
    <Select value={held} disabled={disabled} onValueChange={(next) => onChange((next === EMPTY ? "" : next) as T)}>
      <SelectTrigger {...trigger}>
        <SelectValue placeholder={placeholder} />
      </SelectTrigger>
      <SelectContent>
        {options.map((option) => (
          <SelectItem key={option.value} value={option.value || EMPTY}>
            {option.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

/** The same with its label and hint. */
export function ChoiceField<T extends string>({
  label,
  hint,
  aside,
  ...choice
}: ChoiceProps<T> & { label: string; hint?: ReactNode; aside?: ReactNode }) {
  return (
    <FormField label={label} hint={hint} aside={aside}>
      {(control) => <Choice {...control} {...choice} />}
    </FormField>
  );
}
