import type { z } from "zod";
import type { JsonObject } from "@/flow/item";
import type { actionParameterSchema } from "@/flow/tools/input-schema";

type Input = z.input<typeof actionParameterSchema>;
/** What an input may say beside its name and label. A description alone may be given as text. */
type More = string | Partial<Omit<Input, "name" | "type" | "label">>;

const input = (type: Input["type"], name: string, label: string, more: More = {}, own: Partial<Input> = {}): Input => ({
  name,
  type,
  label,
  ...own,
  ...(typeof more === "string" ? { description: more } : more),
});

/** The same input, which has to be given. */
export const required = (given: Input): Input => ({ ...given, required: true });

export const text = (name: string, label: string, more?: More): Input => input("string", name, label, more, { control: "text" });
export const longText = (name: string, label: string, more?: More): Input => input("string", name, label, more, { control: "textarea" });
export const email = (name: string, label: string, more?: string): Input =>
  input("string", name, label, { ...(more && { description: more }), validation: { email: true } }, { control: "text" });
export const url = (name: string, label: string, more?: string): Input =>
  input("string", name, label, { ...(more && { description: more }), validation: { url: true } }, { control: "text" });
export const number = (name: string, label: string, more?: More): Input => input("number", name, label, more, { control: "number" });
export const flag = (name: string, label: string, more?: More): Input => input("boolean", name, label, more, { control: "checkbox" });
export const choice = (name: string, label: string, options: string[], more?: More): Input =>
  input("enum", name, label, more, { control: "select", options });
/** Names the field of the item that holds the file. */
export const file = (name: string, label: string, more?: More): Input => input("string", name, label, more, { control: "file" });
export const list = (name: string, label: string, more?: More, items?: JsonObject): Input =>
  input("array", name, label, more, items ? { schema: { type: "array", items } } : {});
export const texts = (name: string, label: string, more?: More): Input => list(name, label, more, { type: "string" });
export const object = (name: string, label: string, more?: More, schema?: JsonObject): Input =>
  input("object", name, label, more, schema ? { schema: { type: "object", ...schema } } : {});

/** How many results a page has. */
export const limit = (name: string, most: number, more: Partial<Input> = {}): Input =>
  number(name, "Limit", { description: `How many to give at most, up to ${most}.`, validation: { min: 1, max: most }, ...more });

/** A body or query that has inputs under their own names. */
export const fromInputs = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `{{inputs.${name}}}`]));
