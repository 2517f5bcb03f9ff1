import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";

/**
 * A parameter that holds JSON: text, or what an expression gave.
 * @throws ParameterError that says where the text stops being JSON.
 */
export function parseJson(value: unknown, field: string, itemIndex: number): Json {
  if (typeof value !== "string") return (value ?? null) as Json;
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ParameterError(field, value.trim() === "" ? "is empty, but must be JSON" : `is not valid JSON: ${reason}`, itemIndex);
  }
}

/** @throws ParameterError for JSON that is not one object. */
export function parseJsonObject(value: unknown, field: string, itemIndex: number): JsonObject {
  const json = parseJson(value, field, itemIndex);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ParameterError(field, 'must be a JSON object, like { "name": "Ada" }', itemIndex);
  }
  return json;
}
