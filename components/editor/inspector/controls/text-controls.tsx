"use client";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

const asText = (value: ControlProps["value"]): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

const attributes = ({ id, describedBy, invalid }: ControlProps) => ({
  id,
  "aria-describedby": describedBy,
  "aria-invalid": invalid || undefined,
});

export function TextControl(props: ControlProps) {
  const { readOnly } = useForm();
  return (
    <Input
      {...attributes(props)}
      aria-label={props.label}
      value={asText(props.value)}
      placeholder={props.field.hints.placeholder}
      readOnly={readOnly}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

export function PasswordControl(props: ControlProps) {
  const { readOnly } = useForm();
  return (
    <Input
      {...attributes(props)}
      aria-label={props.label}
      type="password"
      value={asText(props.value)}
      placeholder={props.field.hints.placeholder}
      readOnly={readOnly}
      autoComplete="new-password"
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

export function TextAreaControl(props: ControlProps) {
  const { readOnly } = useForm();
  return (
    <Textarea
      {...attributes(props)}
      aria-label={props.label}
      value={asText(props.value)}
      placeholder={props.field.hints.placeholder}
      readOnly={readOnly}
      rows={3}
      className="max-h-96"
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
