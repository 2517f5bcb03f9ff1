import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { assignField, fieldNames, getField, removeField, setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { convertValue } from "./convert-value";
import type { set } from "./definition";

type Parameters = z.infer<typeof set.parameters>;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, (item, index) => {
    const parameters = context.parameters(index);
    const kept = keptFields(item.json, parameters);
    const json = parameters.mode === "json" ? { ...kept, ...jsonOutput(parameters.json, index) } : assigned(kept, parameters, index);
    const made = { json, ...(keepsBinary(item, parameters) && { binary: item.binary }), pairedItem: { item: index } };
    const copies = context.execution.mode === "manual" ? parameters.duplicates : 0;
    return copies === 0 ? made : Array.from({ length: copies + 1 }, () => made);
  });

/** @throws ParameterError in n8n's words for what is no JSON object. */
function jsonOutput(value: unknown, itemIndex: number): JsonObject {
  let json = value;
  if (typeof value === "string") {
    try {
      json = JSON.parse(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new JsonOutputError(`The 'JSON Output' in item ${itemIndex} contains invalid JSON`, itemIndex, reason);
    }
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new JsonOutputError(
    `The 'JSON Output' in item ${itemIndex} does not contain a valid JSON object`,
    itemIndex,
    'Write { "name": "Ada" }',
  );
}

class JsonOutputError extends ParameterError {
  constructor(
    reason: string,
    itemIndex: number,
    readonly hint: string,
  ) {
    super("json", reason, itemIndex);
  }
}

function keptFields(json: JsonObject, { include, includeFields, excludeFields, dotNotation }: Parameters): JsonObject {
  switch (include) {
    case "none":
      return {};
    case "all":
      return json;
    case "selected":
      return fieldNames(includeFields).reduce<JsonObject>((kept, name) => {
        const value = getField(json, name, dotNotation);
        return value === undefined ? kept : setField(kept, name, value, dotNotation);
      }, {});
    case "except":
      return fieldNames(excludeFields).reduce((kept, name) => removeField(kept, name, dotNotation), json);
  }
}

function assigned(base: JsonObject, { fields, dotNotation, ignoreConversionErrors }: Parameters, itemIndex: number): JsonObject {
  const json = { ...base };
  for (const [position, { name, type, value }] of fields.entries()) {
    if (name === "") throw new ParameterError(`fields[${position}].name`, "is empty: give the field a name", itemIndex);
    try {
      assignField(json, name, typed(value, type, name, ignoreConversionErrors), dotNotation);
    } catch (error) {
      throw new ParameterError(`fields[${position}].value`, error instanceof Error ? error.message : String(error), itemIndex);
    }
  }
  return json;
}

function typed(value: unknown, type: Parameters["fields"][number]["type"], name: string, ignoreErrors: boolean): Json {
  try {
    return convertValue(value, type, name);
  } catch (error) {
    if (ignoreErrors) return value as Json;
    throw error;
  }
}

const keepsBinary = (item: Item, { binary, include }: Parameters): boolean =>
  item.binary !== undefined && (binary === "keep" || (binary === "auto" && include !== "none"));
