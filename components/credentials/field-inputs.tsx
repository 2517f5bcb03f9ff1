"use client";
import { Plus, Trash2 } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { type FieldControlProps, FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { type CredentialField, isSensitive } from "@/flow/credentials/fields";

/** Managers of passwords take these for somebody's sign-in, and must not. */
const KEPT_APART = { autoComplete: "new-password", "data-1p-ignore": true, "data-lpignore": "true" } as const;

export function SecretInput(props: ComponentProps<"input">) {
  return <Input type="password" {...KEPT_APART} {...props} className="font-mono text-xs" />;
}

function FieldInput({
  field,
  control,
  value,
  onChange,
}: {
  field: CredentialField;
  control: FieldControlProps;
  value: string;
  onChange: (value: string) => void;
}) {
  if (field.choices) {
    return <Choice {...control} value={value} options={field.choices} onChange={onChange} />;
  }
  const shared = { ...control, value, onChange: (event: { target: { value: string } }) => onChange(event.target.value) };
  if (field.multiline) {
    return (
      <Textarea
        {...shared}
        {...(field.sensitive && KEPT_APART)}
        rows={3}
        spellCheck={false}
        className={cn("max-h-40 font-mono text-xs", field.sensitive && "[-webkit-text-security:disc]")}
      />
    );
  }
  return field.sensitive ? <SecretInput {...shared} /> : <Input {...shared} autoComplete="off" />;
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
  // A server's many short values stand side by side.
  const paired = fields.length > 3;
  return (
    <div className={cn("grid grid-cols-[minmax(0,1fr)] items-start gap-4", paired && "sm:grid-cols-2")}>
      {fields.map((field) => (
        <div key={field.name} className={cn(paired && field.multiline && "sm:col-span-2")}>
          <FormField
            label={field.required ? field.label : `${field.label} (optional)`}
            hint={masked[field.name] ? `Now ${masked[field.name]}. Leave empty to keep it.` : field.description}
            error={errors[`fields.${field.name}`] ?? null}
          >
            {(control) => (
              <FieldInput
                field={field}
                control={control}
                value={values[field.name] ?? ""}
                onChange={(value) => onChange({ ...values, [field.name]: value })}
              />
            )}
          </FormField>
        </div>
      ))}
    </div>
  );
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
