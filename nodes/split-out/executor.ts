import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { fieldNames, getField, removeField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import type { splitOut } from "./definition";

type Parameters = z.infer<typeof splitOut.parameters>;

const FILES = "$binary";

export const execute: NodeExecutor<Parameters> = (context) => {
  const missing = new Set<string>();
  const found = new Set<string>();
  const split = mapItems(context, (item, index) => {
    const parameters = context.parameters(index);
    const fields = fieldNames(parameters.fieldToSplitOut);
    const destinations = fieldNames(parameters.destinationFieldName);
    if (fields.length === 0) throw new ParameterError("fieldToSplitOut", "is empty: name the field that holds the list", index);
    if (destinations.length > 0 && destinations.length !== fields.length) {
      throw new ParameterError(
        "destinationFieldName",
        `names ${destinations.length} fields, but ${fields.length} are split out: name one for each`,
        index,
      );
    }
    const others = otherFields(item.json, fields, parameters);
    const made: Item[] = [];
    const entry = (position: number): Item => {
      made[position] ??= {
        json: { ...others },
        ...(parameters.includeBinary && item.binary && { binary: item.binary }),
        pairedItem: { item: index },
      };
      return made[position];
    };
    fields.forEach((name, at) => {
      const value = name === FILES ? undefined : getField(item.json, name, parameters.dotNotation);
      if (name === FILES) {
        Object.entries(item.binary ?? {}).forEach(([key, file], position) => {
          const target = entry(position);
          target.binary = { ...target.binary, [key]: file };
        });
      } else if (value === undefined) missing.add(name);
      else {
        found.add(name);
        // An entry that is an object takes the item's place, as long as there is nothing else in the item.
        const spread = fields.length === 1 && destinations.length === 0 && parameters.include === "noOtherFields";
        entriesOf(value).forEach((each, position) => {
          const target = entry(position);
          if (spread && isObject(each)) target.json = { ...each };
          else target.json[destinations[at] ?? name] = each;
        });
      }
    });
    return made;
  });
  for (const name of missing) {
    if (!found.has(name)) context.log("warn", `No item has a field "${name}" to split out`);
  }
  return split;
};

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const entriesOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [value]);

function otherFields(json: JsonObject, fields: readonly string[], { include, fieldsToInclude, dotNotation }: Parameters): JsonObject {
  switch (include) {
    case "noOtherFields":
      return {};
    case "allOtherFields":
      return fields.reduce((rest, name) => removeField(rest, name, dotNotation), json);
    case "selectedOtherFields": {
      const kept: JsonObject = {};
      for (const name of fieldNames(fieldsToInclude)) {
        const value = getField(json, name, dotNotation);
        if (value !== undefined) kept[name] = value;
      }
      return kept;
    }
  }
}
