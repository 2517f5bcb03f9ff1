import type { Json, JsonObject } from "@/flow/item";
import { isObject, type Obj, ownList, ownText, shortened } from "../imported-tool";
import type { References } from "./references";

/** Depth to which nested schemas are kept: forms and checks have no use for more. */
const MAX_DEPTH = 6;
/** Parts of one input's schema. */
const MAX_PARTS = 250;
const MAX_ENUM = 500;
const NUMBERS = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"] as const;

interface Walk {
  references: References;
  /** Parts that may still be taken. */
  left: number;
  /** Pointers that the walk is inside of: a schema that comes back to itself ends there. */
  inside: readonly string[];
}

/** A schema without references, alternatives and inheritance, as far as an input needs it. */
export function plainSchema(schema: unknown, references: References): JsonObject {
  return plain(schema, { references, left: MAX_PARTS, inside: [] }, 0);
}

function plain(given: unknown, walk: Walk, depth: number): JsonObject {
  if (depth > MAX_DEPTH || walk.left-- <= 0) return {};
  const followed = walk.references.follow(given);
  if (!followed) return {};
  const { value: schema, pointer } = followed;
  if (pointer !== null && walk.inside.includes(pointer)) return {};
  const outer = walk.inside;
  if (pointer !== null) walk.inside = [...outer, pointer];
  const made = merged(schema, walk, depth);
  const described = isObject(given) && given !== schema ? ownText(given, "description") : undefined;
  if (described) made.description = shortened(described, 1000) ?? "";
  walk.inside = outer;
  return made;
}

function merged(schema: Obj, walk: Walk, depth: number): JsonObject {
  let made = own(schema, walk, depth);
  for (const part of ownList(schema, "allOf").slice(0, 50)) made = both(made, plain(part, walk, depth));
  for (const word of ["oneOf", "anyOf"] as const) {
    const alternatives = ownList(schema, word)
      .slice(0, 50)
      .map((part) => plain(part, walk, depth));
    if (alternatives.length > 0) made = both(made, either(alternatives));
  }
  return made;
}

function own(schema: Obj, walk: Walk, depth: number): JsonObject {
  const made: JsonObject = {};
  const types = [schema.type].flat().filter((type): type is string => typeof type === "string");
  const concrete = types.filter((type) => type !== "null");
  if (concrete.length > 0) made.type = concrete.length === 1 ? (concrete[0] as string) : concrete;
  if (types.includes("null") || schema.nullable === true || schema["x-nullable"] === true) made.nullable = true;
  const text = {
    title: ownText(schema, "title"),
    description: shortened(ownText(schema, "description"), 1000),
    format: ownText(schema, "format"),
  };
  for (const [key, value] of Object.entries(text)) if (value !== undefined) made[key] = value;
  for (const key of NUMBERS) if (typeof schema[key] === "number") made[key] = schema[key];
  const pattern = ownText(schema, "pattern");
  if (pattern !== undefined && pattern.length <= 1000) made.pattern = pattern;
  if (schema.readOnly === true) made.readOnly = true;
  if (isScalar(schema.default)) made.default = schema.default;
  const values = Array.isArray(schema.enum) ? schema.enum : schema.const !== undefined ? [schema.const] : [];
  const scalars = values.filter(isScalar).slice(0, MAX_ENUM);
  if (scalars.length > 0) {
    if (scalars.includes(null)) made.nullable = true;
    made.enum = scalars.filter((value) => value !== null);
  }
  if (isObject(schema.properties)) {
    const properties: JsonObject = {};
    for (const [name, property] of Object.entries(schema.properties)) {
      if (walk.left <= 0) break;
      if (name !== "__proto__") properties[name] = plain(property, walk, depth + 1);
    }
    made.properties = properties;
    made.type ??= "object";
    const required = ownList(schema, "required").filter(
      (name): name is string => typeof name === "string" && Object.hasOwn(properties, name),
    );
    if (required.length > 0) made.required = required;
  }
  if (schema.items !== undefined) {
    made.items = plain(schema.items, walk, depth + 1);
    made.type ??= "array";
  }
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) made.type ??= "object";
  return made;
}

const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? (value as JsonObject) : {});

/** A value that fits both. */
function both(one: JsonObject, other: JsonObject): JsonObject {
  const made: JsonObject = { ...other, ...one };
  if (one.properties || other.properties) made.properties = { ...objectOf(other.properties), ...objectOf(one.properties) };
  const required = [...new Set([...listOf(one.required), ...listOf(other.required)])];
  if (required.length > 0) made.required = required;
  return made;
}

/** A value that fits any: what all of them say, and every property that one of them has. */
function either(alternatives: JsonObject[]): JsonObject {
  const given = alternatives.filter((each) => Object.keys(each).some((key) => key !== "nullable") && each.type !== "null");
  const nullable = given.length < alternatives.length || given.some((each) => each.nullable === true);
  const [first, ...others] = given;
  const extra: JsonObject = nullable ? { nullable: true } : {};
  if (!first) return extra;
  if (others.length === 0) return { ...first, ...extra };
  const objects = given.filter((each) => each.properties !== undefined);
  if (objects.length > 0) {
    const properties = Object.assign({}, ...objects.map((each) => objectOf(each.properties)).reverse()) as JsonObject;
    const required = listOf(objects[0]?.required).filter((name) => given.every((each) => listOf(each.required).includes(name)));
    return { type: "object", properties, ...(required.length > 0 && { required }), ...extra };
  }
  const types = [...new Set(given.flatMap((each) => listOf(each.type)))];
  if (types.length === 1 && given.every((each) => each.enum !== undefined)) {
    return { type: types[0] as Json, enum: [...new Set(given.flatMap((each) => listOf(each.enum)))].slice(0, MAX_ENUM), ...extra };
  }
  if (types.length === 1)
    return {
      type: types[0] as Json,
      ...(first.items !== undefined && others.every(({ items }) => items !== undefined) && { items: {} }),
      ...extra,
    };
  return { ...(types.length > 0 && { type: types as Json[] }), ...extra };
}
