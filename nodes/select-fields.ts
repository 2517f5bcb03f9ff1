import type { JsonObject } from "@/flow/item";
import { getField, removeField, setField } from "@/flow/node/field-path";

/** Only the named fields of an object, at the places where they were. */
export const selectFields = (json: JsonObject, names: readonly string[], dotNotation: boolean): JsonObject =>
  names.reduce<JsonObject>((kept, name) => {
    const value = getField(json, name, dotNotation);
    return value === undefined ? kept : setField(kept, name, value, dotNotation);
  }, {});

export const withoutFields = (json: JsonObject, names: readonly string[], dotNotation: boolean): JsonObject =>
  names.reduce((kept, name) => removeField(kept, name, dotNotation), json);
