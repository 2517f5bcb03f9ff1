"use client";
import { Plus, Trash2 } from "lucide-react";
import type { ChangeEvent, ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { type CredentialField, isSensitive } from "@/flow/credentials/fields";

/** Managers of passwords take these for somebody's sign-in, and must not. */
const SECRET = { type: "password", autoComplete: "new-password", "data-1p-ignore": true, "data-lpignore": "true" } as const;

export function SecretInput(props: ComponentProps<"input">) {
  return <Input {...SECRET} {...props} className="font-mono text-xs" />;
}

/** The values of a kind whose fields are known. */
export function KnownFields({
  fields,
  values,
  masked = {},
  errors,
  onChange,
}: {
  fields: readonly CredentialField[];
  values: Record<string, string>;
  /** What is stored; such a field may stay empty. */
  masked?: Record<string, string>;
  errors: Partial<Record<string, string>>;
  onChange: (values: Record<string, string>) => void;
}) {
  return fields.map((field) => (
    <FormField
      key={field.name}
      label={field.required ? field.label : `${field.label} (optional)`}
      hint={masked[field.name] ? `Now ${masked[field.name]}. Leave empty to keep it.` : field.description}
      error={errors[`fields.${field.name}`] ?? null}
    >
      {(control) => {
        const shared = {
          ...control,
          value: values[field.name] ?? "",
          onChange: (event: ChangeEvent<HTMLInputElement>) => onChange({ ...values, [field.name]: event.target.value }),
        };
        return field.sensitive ? <SecretInput {...shared} /> : <Input {...shared} autoComplete="off" />;
      }}
    </FormField>
  ));
}

export interface CustomRow {
  key: number;
  name: string;
  value: string;
  /** Header that it is sent as; empty: none. */
  header: string;
}

/** Values of any name. */
export function CustomFields({
  rows,
  errors,
  onChange,
}: {
  rows: CustomRow[];
  errors: Partial<Record<string, string>>;
  onChange: (rows: CustomRow[]) => void;
}) {
  const change = (key: number, part: Partial<CustomRow>) => onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium text-foreground text-sm leading-none">Fields</legend>
      {rows.map((row) => (
        <div key={row.key} className="grid gap-1">
          <div className="grid grid-cols-[1fr_1fr_1fr_auto] gap-1.5">
            <Input
              aria-label="Field name"
              placeholder="api_key"
              value={row.name}
              autoComplete="off"
              onChange={(event) => change(row.key, { name: event.target.value })}
            />
            {row.name !== "" && !isSensitive("custom", row.name) ? (
              <Input
                aria-label="Value"
                value={row.value}
                autoComplete="off"
                onChange={(event) => change(row.key, { value: event.target.value })}
              />
            ) : (
              <SecretInput aria-label="Value" value={row.value} onChange={(event) => change(row.key, { value: event.target.value })} />
            )}
            <Input
              aria-label="Sent as header"
              placeholder="Header (optional)"
              value={row.header}
              autoComplete="off"
              onChange={(event) => change(row.key, { header: event.target.value })}
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove ${row.name || "this field"}`}
              disabled={rows.length === 1}
              onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
            >
              <Trash2 aria-hidden="true" />
            </Button>
          </div>
          {errors[`fields.${row.name}`] ? <FieldError>{errors[`fields.${row.name}`]}</FieldError> : null}
        </div>
      ))}
      <Button
        size="sm"
        className="justify-self-start"
        onClick={() => onChange([...rows, { key: Math.max(0, ...rows.map(({ key }) => key)) + 1, name: "", value: "", header: "" }])}
      >
        <Plus aria-hidden="true" />
        Add field
      </Button>
    </fieldset>
  );
}
