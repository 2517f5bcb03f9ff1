import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { getField, removeField, setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { PatternError, replacePattern } from "@/flow/node/match-pattern";
import type { Replacement, renameKeys } from "./definition";

type Parameters = z.infer<typeof renameKeys.parameters>;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, (item, index) => {
    const { keys, regexReplacements } = context.parameters(index);
    let { json } = item;
    for (const { currentKey, newKey } of keys) {
      if (currentKey === "" || newKey === "" || currentKey === newKey) continue;
      const value = getField(json, currentKey);
      if (value !== undefined) json = setField(removeField(json, currentKey), newKey, value);
    }
    regexReplacements.forEach((replacement, position) => {
      if (replacement.searchRegex === "") return;
      try {
        json = renamed(json, replacement, 0) as JsonObject;
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        throw new ParameterError(`regexReplacements[${position}].searchRegex`, error.message, index);
      }
    });
    return { ...item, json, pairedItem: { item: index } };
  });

function renamed(value: Json, replacement: Replacement, depth: number): Json {
  const { searchRegex, replaceRegex, caseInsensitive, depth: maxDepth } = replacement;
  if (typeof value !== "object" || value === null || (maxDepth !== -1 && depth > maxDepth)) return value;
  if (Array.isArray(value)) return value.map((entry) => renamed(entry, replacement, depth));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      replacePattern(key, searchRegex, replaceRegex, caseInsensitive),
      renamed(entry, replacement, depth + 1),
    ]),
  );
}
