import { z } from "zod";
import type { Json, JsonObject } from "@/flow/item";
import type { AnyNodeDefinition, FieldHints } from "@/flow/node/define-node";

/** Which control shows a field; `group` and `list` hold further fields, `choices` is some of a few values. */
export type FieldControl = NonNullable<FieldHints["control"]> | "group" | "list" | "choices";

/** One field of a node's form, derived from the JSON schema of its parameters. */
export interface FieldModel {
  /** Key in the object that holds it; `item` for the element of a list. */
  name: string;
  title: string;
  description?: string;
  control: FieldControl;
  /** JSON type of a fixed value: what an empty control starts from and what text is read as. */
  valueType: "string" | "number" | "integer" | "boolean" | "object" | "array" | "any";
  /** What applies while the parameter is absent. */
  defaultValue: Json | undefined;
  required: boolean;
  /** May be an expression instead of a fixed value. */
  allowsExpression: boolean;
  options?: { value: string | number | boolean; label: string }[];
  minimum?: number;
  maximum?: number;
  hints: FieldHints;
  /** Of a `group`, and of a `list` whose elements are objects. */
  fields?: FieldModel[];
  /** Of a `list` whose elements are no objects. */
  element?: FieldModel;
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  enum?: (string | number | boolean)[];
  const?: string | number | boolean;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  minimum?: number;
  maximum?: number;
  ui?: FieldHints;
}

const WORDS: Record<string, string> = { url: "URL", id: "ID", json: "JSON", http: "HTTP", html: "HTML", ui: "UI", api: "API" };

/** `maxRedirects` → `Max redirects`, for fields without a title. */
export function titleFromName(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .filter(Boolean)
    .map((word) => WORDS[word.toLowerCase()] ?? word.toLowerCase());
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const isScalarOption = (schema: Schema): boolean => schema.const !== undefined;

function valueTypeOf(schema: Schema): FieldModel["valueType"] {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== undefined && type !== "null");
  if (types.length !== 1) return "any";
  const [type] = types;
  return type === "string" || type === "number" || type === "integer" || type === "boolean" || type === "object" || type === "array"
    ? type
    : "any";
}

function optionsOf(schema: Schema, hints: FieldHints): FieldModel["options"] {
  const values =
    schema.enum ??
    (schema.anyOf?.every(isScalarOption) && schema.anyOf.length > 0 ? schema.anyOf.map((option) => option.const ?? "") : undefined);
  return values?.map((value) => ({ value, label: hints.labels?.[String(value)] ?? String(value) }));
}

function controlOf(schema: Schema, hints: FieldHints, valueType: FieldModel["valueType"], hasOptions: boolean): FieldControl {
  if (hints.control) return hints.control;
  if (hasOptions) return "select";
  switch (valueType) {
    case "boolean":
      return "switch";
    case "number":
    case "integer":
      return "number";
    case "string":
      return "text";
    case "array":
      return schema.items ? "list" : "json";
    case "object":
      if (schema.properties && Object.keys(schema.properties).length > 0) return "group";
      return schema.additionalProperties === undefined || typeof schema.additionalProperties === "boolean" ? "json" : "keyvalue";
    default:
      return "text";
  }
}

function fieldOf(name: string, given: Schema, root: { $defs?: Record<string, Schema> }, required: boolean, depth: number): FieldModel {
  const target = given.$ref?.startsWith("#/$defs/") ? root.$defs?.[given.$ref.slice("#/$defs/".length)] : undefined;
  // A nullable or optional union shows as what it holds.
  const merged: Schema = { ...target, ...given };
  const alternatives = merged.anyOf?.filter((option) => option.type !== "null");
  const only = alternatives?.length === 1 ? alternatives[0] : undefined;
  const schema: Schema = only ? { ...only, ...merged, anyOf: undefined, type: only.type } : merged;
  const hints: FieldHints = schema.ui ?? {};
  const options = optionsOf(schema, hints);
  const valueType = options ? (typeof options[0]?.value as "string" | "number" | "boolean") : valueTypeOf(schema);
  // Recursive schemas (any JSON) end in a free editor.
  const control = depth > 6 ? "json" : controlOf(schema, hints, valueType, options !== undefined);
  const model: FieldModel = {
    name,
    title: schema.title ?? titleFromName(name),
    control,
    valueType,
    defaultValue: schema.default,
    required: hints.required === true || (required && schema.default === undefined),
    allowsExpression:
      hints.expression !== false && control !== "group" && control !== "list" && control !== "conditions" && control !== "keyvalue",
    hints,
    ...(schema.description !== undefined && { description: schema.description }),
    ...(options && { options }),
    ...(schema.minimum !== undefined && { minimum: schema.minimum }),
    ...(schema.maximum !== undefined && { maximum: schema.maximum }),
  };
  if (control === "group") model.fields = fieldsOf(schema, root, depth + 1);
  if (control === "list" && schema.items) {
    const element = fieldOf("item", schema.items, root, false, depth + 1);
    if (element.control === "group" && element.fields) model.fields = element.fields;
    else if (element.options) return { ...model, control: "choices", options: element.options };
    else model.element = element;
  }
  return model;
}

function fieldsOf(schema: Schema, root: { $defs?: Record<string, Schema> }, depth: number): FieldModel[] {
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => fieldOf(name, property, root, schema.required?.includes(name) ?? false, depth))
    .filter((field) => field.control !== "hidden");
}

const forms = new WeakMap<AnyNodeDefinition, FieldModel[]>();

/** The form of a node's parameters, in the order of its schema. Hidden fields are left out. */
export function formOf(definition: AnyNodeDefinition): FieldModel[] {
  const known = forms.get(definition);
  if (known) return known;
  const schema = z.toJSONSchema(definition.parameters, { io: "input", unrepresentable: "any", reused: "inline" }) as unknown as Schema & {
    $defs?: Record<string, Schema>;
  };
  const form = fieldsOf(schema, schema, 0);
  forms.set(definition, form);
  return form;
}

/** The value that applies: what is set, else the schema's default. */
export const effectiveValue = (field: FieldModel, values: JsonObject): Json | undefined =>
  values[field.name] === undefined ? field.defaultValue : values[field.name];

/** Whether `field` is shown beside its siblings' values: each named sibling has one of the wanted values, or is an expression. */
export function isShown(field: FieldModel, siblings: readonly FieldModel[], values: JsonObject): boolean {
  return Object.entries(field.hints.showIf ?? {}).every(([name, wanted]) => {
    const sibling = siblings.find((candidate) => candidate.name === name);
    const value = sibling ? effectiveValue(sibling, values) : values[name];
    if (isExpression(value)) return true;
    return wanted.some((candidate) => candidate === value);
  });
}

/** A string with a leading `=` is a template. */
export const isExpression = (value: Json | undefined): value is string => typeof value === "string" && value.startsWith("=");

/** A new element of a list, valid as it stands. */
export function emptyElement(field: FieldModel): Json {
  if (field.fields) {
    return Object.fromEntries(
      field.fields.flatMap((child) => (child.defaultValue === undefined ? [] : [[child.name, child.defaultValue]])),
    );
  }
  return field.element ? emptyValue(field.element) : "";
}

/** What a control holds when its field is turned back to a fixed value. */
export function emptyValue(field: FieldModel): Json {
  if (field.defaultValue !== undefined && !isExpression(field.defaultValue)) return field.defaultValue;
  if (field.options) return field.options[0]?.value ?? "";
  switch (field.valueType) {
    case "boolean":
      return false;
    case "number":
    case "integer":
      return field.minimum ?? 0;
    case "object":
      return {};
    case "array":
      return [];
    default:
      return "";
  }
}
