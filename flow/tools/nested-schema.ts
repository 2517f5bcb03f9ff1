import type { Json, JsonObject } from "../item";

export interface NestedIssue {
  path: (string | number)[];
  message: string;
  code: "invalid_type" | "invalid_enum_value" | "too_small" | "too_big";
}

const MAX_ISSUES = 20;
const MAX_DEPTH = 32;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const typeOf = (value: Json): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** The JSON types that a schema names; empty for any. */
function typesOf(schema: JsonObject): string[] {
  const named = Array.isArray(schema.type) ? schema.type.filter((type) => typeof type === "string") : [schema.type];
  const types = named.filter((type): type is string => typeof type === "string");
  return schema.nullable === true && types.length > 0 ? [...types, "null"] : types;
}

const fits = (value: Json, type: string): boolean =>
  type === "integer" ? typeof value === "number" && Number.isInteger(value) : typeOf(value) === type;

/**
 * What does not fit a JSON Schema inside of an input: types, choices, required keys, lengths of lists. What documents of the
 * world get wrong most (formats, patterns, alternatives) is the called service's to judge.
 */
export function nestedIssues(schema: JsonObject, value: Json, path: (string | number)[] = [], issues: NestedIssue[] = []): NestedIssue[] {
  if (issues.length >= MAX_ISSUES || path.length > MAX_DEPTH) return issues;
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => fits(value, type))) {
    issues.push({ path, code: "invalid_type", message: `Expected ${types.join(" or ")}, received ${typeOf(value)}` });
    return issues;
  }
  if (Array.isArray(schema.enum) && value !== null && !schema.enum.some((option) => JSON.stringify(option) === JSON.stringify(value))) {
    const expected = schema.enum.slice(0, 20).map((option) => (typeof option === "string" ? `'${option}'` : JSON.stringify(option)));
    issues.push({
      path,
      code: "invalid_enum_value",
      message: `Invalid enum value. Expected ${expected.join(" | ")}, received ${shown(value)}`,
    });
  }
  if (Array.isArray(value)) checkList(schema, value, path, issues);
  else if (isObject(value)) checkObject(schema, value, path, issues);
  return issues;
}

const shown = (value: Json): string => (typeof value === "string" ? `'${value.slice(0, 60)}'` : JSON.stringify(value).slice(0, 60));

function checkList(schema: JsonObject, value: Json[], path: (string | number)[], issues: NestedIssue[]): void {
  const { minItems, maxItems, items } = schema;
  if (typeof minItems === "number" && value.length < minItems) {
    issues.push({ path, code: "too_small", message: `Array must contain at least ${minItems} element(s)` });
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    issues.push({ path, code: "too_big", message: `Array must contain at most ${maxItems} element(s)` });
  }
  if (!isObject(items)) return;
  for (const [index, entry] of value.entries()) nestedIssues(items, entry, [...path, index], issues);
}

function checkObject(schema: JsonObject, value: JsonObject, path: (string | number)[], issues: NestedIssue[]): void {
  const { required, properties } = schema;
  for (const name of Array.isArray(required) ? required : []) {
    if (typeof name === "string" && !Object.hasOwn(value, name))
      issues.push({ path: [...path, name], code: "invalid_type", message: "Required" });
  }
  if (!isObject(properties)) return;
  for (const [name, entry] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isObject(property)) nestedIssues(property, entry, [...path, name], issues);
  }
}
