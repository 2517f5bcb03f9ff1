"use client";
import { TemplateField } from "../expression/template-field";
import type { ControlProps } from "../value-control";

const NO_ROOTS = {};

/** An expression that the node reads by itself, with names of its own: there is no fixed value to turn it into. */
export function TemplateControl({ field, value, onChange, label, describedBy, invalid }: ControlProps) {
  const text = typeof value === "string" ? value : "";
  return (
    <TemplateField
      value={text.startsWith("=") ? text : `=${text}`}
      onChange={(next) => onChange(next === "=" ? "" : next)}
      label={label}
      multiline={false}
      placeholder={field.hints.placeholder?.replace(/^=/, "")}
      describedBy={describedBy}
      invalid={invalid}
      roots={field.hints.roots ?? NO_ROOTS}
    />
  );
}
