import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { fieldNames, getField, setField } from "@/flow/node/field-path";
import { canonical, looseCanonical } from "../equal-values";
import { type Placed, pairOf } from "../merge/combine-items";
import { findMatches } from "../merge/match-fields";
import { withoutFields } from "../select-fields";
import type { compareDatasets } from "./definition";

type Parameters = z.infer<typeof compareDatasets.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  const parameters = context.parameters(0);
  const pairs = parameters.mergeByFields
    .map(({ field1, field2 }) => ({ field1: field1 || field2, field2: field2 || field1 }))
    .filter(({ field1 }) => field1 !== "");
  if (pairs.length === 0) throw new ParameterError("mergeByFields", "is empty: name at least one field to match the items by");
  const [first = [], second = []] = context.inputs.map((items, input) => items.map((item, index): Placed => ({ item, input, index })));
  const { matched, unmatched1, unmatched2 } = findMatches(first, second, pairs, parameters);
  const same: Item[] = [];
  const different: Item[] = [];
  const names1 = pairs.map(({ field1 }) => field1);
  const names2 = pairs.map(({ field2 }) => field2);
  for (const { entry, matches } of matched) {
    for (const match of matches) {
      const found = compared(entry.item.json, match.item.json, names1, names2, parameters);
      const pairedItem = [pairOf(entry), pairOf(match)];
      if (Object.keys(found.different).length === 0) same.push({ ...entry.item, pairedItem });
      else different.push({ ...resolved(entry, match, found, parameters), pairedItem });
    }
  }
  const alone = (list: readonly Placed[]): Item[] => list.map((placed) => ({ ...placed.item, pairedItem: pairOf(placed) }));
  return [alone(unmatched1), same, different, alone(unmatched2)];
};

interface Comparison {
  keys: JsonObject;
  same: JsonObject;
  different: { [name: string]: { inputA: Json; inputB: Json } };
  skipped: JsonObject;
}

/** Field by field; what items are matched by, and what is not to be compared, stands apart. */
function compared(
  a: JsonObject,
  b: JsonObject,
  names1: readonly string[],
  names2: readonly string[],
  { skipFields, fuzzyCompare, dotNotation }: Parameters,
): Comparison {
  const skipped = fieldNames(skipFields);
  const rest1 = withoutFields(a, [...names1, ...skipped], dotNotation);
  const rest2 = withoutFields(b, [...names2, ...skipped], dotNotation);
  const textOf = fuzzyCompare ? looseCanonical : canonical;
  const result: Comparison = { keys: {}, same: {}, different: {}, skipped: {} };
  for (const name of names1) result.keys[name] = getField(a, name, dotNotation) ?? null;
  for (const name of new Set([...Object.keys(rest1), ...Object.keys(rest2)])) {
    const [left, right] = [rest1[name], rest2[name]];
    const both = Object.hasOwn(rest1, name) && Object.hasOwn(rest2, name);
    if ((both || fuzzyCompare) && textOf(left) === textOf(right)) result.same[name] = left ?? null;
    else result.different[name] = { inputA: left ?? null, inputB: right ?? null };
  }
  for (const name of skipped) {
    const [left, right] = [getField(a, name, dotNotation), getField(b, name, dotNotation)];
    if (left !== undefined || right !== undefined) result.skipped[name] = { inputA: left ?? null, inputB: right ?? null };
  }
  return result;
}

function resolved(entry: Placed, match: Placed, found: Comparison, parameters: Parameters): Item {
  const { resolve, preferWhenMix, exceptWhenMix, dotNotation } = parameters;
  switch (resolve) {
    case "preferInput1":
      return entry.item;
    case "preferInput2":
      return match.item;
    case "includeBoth": {
      const { skipped, ...rest } = found;
      return { json: { ...rest, ...(Object.keys(skipped).length > 0 && { skipped }) } };
    }
    case "mix": {
      const [base, other] = preferWhenMix === "input1" ? [entry.item, match.item] : [match.item, entry.item];
      const json = fieldNames(exceptWhenMix).reduce((mixed, name) => {
        const value = getField(other.json, name, dotNotation);
        return value === undefined ? mixed : setField(mixed, name, value, dotNotation);
      }, base.json);
      return { ...base, json };
    }
  }
}
