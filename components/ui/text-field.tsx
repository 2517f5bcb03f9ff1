"use client";
import type { ComponentProps, ReactNode } from "react";
import { FormField } from "./form-field";
import { Input } from "./input";
import { Textarea } from "./textarea";

interface Labels {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  /** Beside the label. */
  aside?: ReactNode;
}

/** A line of text with its label, hint and error. Browsers offer nothing for it, unless told to. */
export function TextField({ label, hint, error, aside, ...input }: Labels & ComponentProps<"input">) {
  return (
    <FormField label={label} hint={hint} error={error ?? null} aside={aside}>
      {(control) => <Input {...control} autoComplete="off" {...input} />}
    </FormField>
  );
}

export function TextAreaField({ label, hint, error, aside, ...input }: Labels & ComponentProps<"textarea">) {
  return (
    <FormField label={label} hint={hint} error={error ?? null} aside={aside}>
      {(control) => <Textarea {...control} {...input} />}
    </FormField>
  );
}
