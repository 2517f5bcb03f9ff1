import type { Json, JsonObject } from "@/flow/item";
import { type ActionParameter, isReservedName } from "@/flow/tools/input-schema";
import { isPattern } from "@/flow/tools/pattern";
import { shortened } from "../imported-tool";

const typesOf = (schema: JsonObject): string[] => [schema.type].flat().filter((type): type is string => typeof type === "string");

/** The kind of input that a schema asks for. Where several would do, text comes first: anything can be written as text. */
function kindOf(schema: JsonObject): "string" | "number" | "boolean" | "array" | "object" {
  const types = typesOf(schema);
  if (types.includes("string")) return "string";
  if (types.includes("integer") || types.includes("number")) return "number";
  if (types.includes("boolean")) return "boolean";
  if (types.includes("array")) return "array";
  if (types.includes("object") || schema.properties !== undefined) return "object";
  const [value] = Array.isArray(schema.enum) ? schema.enum : [];
  if (typeof value === "number" || typeof value === "boolean") return typeof value as "number" | "boolean";
  return "string";
}

const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

/**
 * One input out of a schema. A default becomes one only where a value is required: filled in unasked it would change what the
 * caller never mentioned.
 */
export function parameterFrom(
  name: string,
  schema: JsonObject,
  { required, description }: { required: boolean; description?: string | undefined },
): ActionParameter {
  if (isReservedName(name)) throw new Error(`an input can't be called "${name}"`);
  const kind = kindOf(schema);
  const about = [description ?? (typeof schema.description === "string" ? schema.description : undefined)];
  if (schema.default !== undefined && schema.default !== null && !required) about.push(`Default: ${String(schema.default)}`);
  const title = typeof schema.title === "string" ? schema.title : undefined;
  const made: ActionParameter = { name, type: kind, required };
  if (title) made.label = shortened(title, 200) ?? name;
  const validation: NonNullable<ActionParameter["validation"]> = {};
  if (kind === "string") {
    const options = Array.isArray(schema.enum) ? schema.enum.map(String).filter((option) => option !== "") : [];
    if (options.length > 0 && typesOf(schema).every((type) => type === "string")) {
      made.type = "enum";
      made.options = [...new Set(options)].map((option) => option.slice(0, 500));
      made.control = "select";
    } else readText(schema, made, validation);
  }
  if (kind === "number") {
    Object.assign(validation, defined({ min: number(schema.minimum), max: number(schema.maximum) }));
    if (validation.min !== undefined && validation.max !== undefined && validation.min > validation.max) delete validation.min;
    if (Array.isArray(schema.enum)) about.push(`One of ${schema.enum.slice(0, 20).join(", ")}`);
  }
  if (kind === "array" || kind === "object") {
    const inner = { ...schema };
    for (const key of ["description", "title", "default", "readOnly", "nullable"]) delete inner[key];
    if (Object.keys(inner).some((key) => key !== "type")) made.schema = { ...inner, type: kind };
  }
  const text = shortened(about.filter(Boolean).join("\n"), 2000);
  if (text) made.description = text;
  if (Object.keys(validation).length > 0) made.validation = validation;
  if (required && fitsDefault(made, schema.default)) made.default = schema.default as Json;
  return made;
}

function readText(schema: JsonObject, made: ActionParameter, validation: NonNullable<ActionParameter["validation"]>): void {
  if (schema.format === "binary" || schema.format === "base64" || schema.format === "file") made.control = "file";
  else if (schema.format === "password") made.control = "password";
  else if (number(schema.maxLength) === undefined ? false : Number(schema.maxLength) > 300) made.control = "textarea";
  if (!typesOf(schema).every((type) => type === "string")) return;
  if (schema.format === "email") validation.email = true;
  if (schema.format === "uri" || schema.format === "url") validation.url = true;
  Object.assign(validation, defined({ min: number(schema.minLength), max: number(schema.maxLength) }));
  if (validation.min !== undefined && validation.max !== undefined && validation.min > validation.max) delete validation.min;
  if (typeof schema.pattern === "string" && isPattern(schema.pattern)) validation.pattern = schema.pattern;
}

const defined = (values: { min: number | undefined; max: number | undefined }): { min?: number; max?: number } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function fitsDefault({ type, options }: ActionParameter, value: Json | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (type === "enum") return typeof value === "string" && (options ?? []).includes(value);
  return typeof value === type;
}
