"use client";
import { Choice } from "@/components/ui/choice";
import { FormField } from "@/components/ui/form-field";
import { InlineCode } from "@/components/ui/inline-code";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import type { ActionParameter } from "@/flow/tools/input-schema";

/** What is typed, by input; values are read as their types when the action is called. */
export type InputTexts = Readonly<Record<string, string>>;

/** What the form holds at first: the defaults. */
export const defaultTexts = (parameters: readonly ActionParameter[]): InputTexts =>
  Object.fromEntries(
    parameters.flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );

/** A form made of an action's inputs. */
export function InputFields({
  parameters,
  texts,
  errors,
  onChange,
}: {
  parameters: readonly ActionParameter[];
  texts: InputTexts;
  /** Why an input is wrong, by its path. */
  errors: Partial<Record<string, string>>;
  onChange: (name: string, text: string) => void;
}) {
  if (parameters.length === 0) return <p className="text-muted-foreground text-sm">This action has no inputs.</p>;
  return parameters.map((parameter) => (
    <InputField
      key={parameter.name}
      parameter={parameter}
      text={texts[parameter.name] ?? ""}
      error={errorOf(parameter.name, errors)}
      onChange={(text) => onChange(parameter.name, text)}
    />
  ));
}

/** Also of what is inside of a list or object. */
export function errorOf(name: string, errors: Partial<Record<string, string>>): string | null {
  const found = Object.entries(errors).find(([path]) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
  return found ? (found[0] === name ? (found[1] ?? null) : `${found[0]}: ${found[1]}`) : null;
}

function InputField({
  parameter,
  text,
  error,
  onChange,
}: {
  parameter: ActionParameter;
  text: string;
  error: string | null;
  onChange: (text: string) => void;
}) {
  const { name, label, description, required, type, control, options } = parameter;
  const title = `${label ?? name}${required ? " (required)" : ""}`;
  const named = type === "enum" ? (options ?? []) : type === "boolean" ? ["true", "false"] : null;
  const choices = named && [...(required ? [] : [{ value: "", label: "Not set" }]), ...named.map((value) => ({ value, label: value }))];
  const isLong = type === "array" || type === "object" || control === "textarea";
  return (
    <FormField label={title} hint={description ? <InlineCode text={description} /> : undefined} error={error}>
      {(field) =>
        choices ? (
          <Choice {...field} value={text} options={choices} onChange={onChange} placeholder="Choose" />
        ) : isLong ? (
          <Textarea
            {...field}
            value={text}
            onChange={(event) => onChange(event.target.value)}
            placeholder={type === "array" ? "[]" : type === "object" ? "{}" : ""}
            className={type === "string" ? "" : "font-mono text-xs"}
            spellCheck={type === "string"}
          />
        ) : (
          <Input
            {...field}
            type={control === "password" ? "password" : "text"}
            inputMode={type === "number" ? "decimal" : undefined}
            value={text}
            onChange={(event) => onChange(event.target.value)}
            autoComplete="off"
          />
        )
      }
    </FormField>
  );
}
