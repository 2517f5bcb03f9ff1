import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import type { flowTrigger } from "./definition";

type Parameters = z.infer<typeof flowTrigger.parameters>;
type Field = Parameters["fields"][number];

/** Passes on what the calling flow gave, with the fields that this flow says it takes. */
export const execute: NodeExecutor<Parameters> = (context) => {
  const items = context.items.length > 0 ? context.items : [{ json: {} }];
  const parameters = context.parameters(0);
  if (parameters.accepts === "all") return [[...items]];
  const fields =
    parameters.accepts === "fields" ? parameters.fields.filter(({ name }) => name !== "") : fieldsOfExample(parameters.example);
  return [items.map((item, index) => ({ ...item, json: pick(item.json, fields, index) }))];
};

const pick = (json: JsonObject, fields: readonly Field[], index: number): JsonObject =>
  Object.fromEntries(fields.map((field) => [field.name, convert(json[field.name] ?? null, field, index)]));

function fieldsOfExample(given: unknown): Field[] {
  let example = given;
  if (typeof given === "string") {
    try {
      example = JSON.parse(given);
    } catch (cause) {
      throw new ParameterError("example", `is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  if (typeof example !== "object" || example === null || Array.isArray(example)) throw new ParameterError("example", "must be an object");
  return Object.entries(example).map(([name, value]) => ({ name, type: typeOf(value) }));
}

function typeOf(value: unknown): Field["type"] {
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  if (type === "string" || type === "number" || type === "boolean") return type;
  return type === "object" && value !== null ? "object" : "any";
}

const NAMES = { string: "a text", number: "a number", boolean: "yes or no", array: "a list", object: "an object" } as const;

/** Texts that say a value of the wanted type are taken for it; anything else of another type is the caller's mistake. */
function convert(value: Json, { name, type }: Field, index: number): Json {
  if (type === "any" || value === null || typeOf(value) === type) return value;
  const converted =
    type === "string" && typeof value !== "object" ? String(value) : typeof value === "string" ? parsed(value, type) : undefined;
  if (converted !== undefined) return converted;
  throw new ParameterError(name, `must be ${NAMES[type]}; the calling flow gave ${JSON.stringify(value).slice(0, 100)}`, index);
}

function parsed(text: string, type: Field["type"]): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeOf(value) === type ? value : undefined;
  } catch {
    return undefined;
  }
}
