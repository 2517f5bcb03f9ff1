import type { JsonObject } from "@/flow/item";
import { getField } from "@/flow/node/field-path";
import { canonical, looseCanonical } from "../equal-values";
import type { Placed } from "./combine-items";

export interface FieldPair {
  field1: string;
  field2: string;
}

export interface MatchOptions {
  dotNotation: boolean;
  fuzzyCompare: boolean;
  multipleMatches: "all" | "first";
}

export interface Matches {
  matched: { entry: Placed; matches: Placed[] }[];
  unmatched1: Placed[];
  unmatched2: Placed[];
}

/** What an item is matched by; undefined when one of the fields is missing, which matches nothing. */
function keyOf(json: JsonObject, names: readonly string[], { dotNotation, fuzzyCompare }: MatchOptions): string | undefined {
  const parts: string[] = [];
  for (const name of names) {
    const value = getField(json, name, dotNotation);
    if (value === undefined && !fuzzyCompare) return undefined;
    parts.push(fuzzyCompare ? looseCanonical(value) : canonical(value));
  }
  return parts.join("\u0000");
}

/**
 * Finds for each item of the first input those of the second with equal fields. Items keep their order. Time grows with the
 * number of items and of matches, not with their product.
 */
export function findMatches(
  input1: readonly Placed[],
  input2: readonly Placed[],
  pairs: readonly FieldPair[],
  options: MatchOptions,
): Matches {
  const byKey = new Map<string, Placed[]>();
  const names2 = pairs.map(({ field1, field2 }) => field2 || field1);
  for (const placed of input2) {
    const key = keyOf(placed.item.json, names2, options);
    if (key === undefined) continue;
    const list = byKey.get(key);
    if (list) list.push(placed);
    else byKey.set(key, [placed]);
  }
  const names1 = pairs.map(({ field1 }) => field1);
  const used = new Set<Placed>();
  const result: Matches = { matched: [], unmatched1: [], unmatched2: [] };
  for (const entry of input1) {
    const key = keyOf(entry.item.json, names1, options);
    const found = key === undefined ? undefined : byKey.get(key);
    if (!found) {
      result.unmatched1.push(entry);
      continue;
    }
    const matches = options.multipleMatches === "first" ? found.slice(0, 1) : found;
    for (const match of matches) used.add(match);
    result.matched.push({ entry, matches });
  }
  result.unmatched2 = input2.filter((placed) => !used.has(placed));
  return result;
}
