import type { Item, Json, JsonObject, PairedItem } from "@/flow/item";

/** An input item with its place, for lineage. */
export interface Placed {
  item: Item;
  /** Index of the input handle. */
  input: number;
  index: number;
}

export interface CombineOptions {
  clash: "preferInput1" | "preferLast" | "addSuffix";
  nested: "deep" | "shallow";
  overrideEmpty: boolean;
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined || value === "";

export const pairOf = ({ input, index }: Placed): PairedItem => ({ item: index, input });

/** One item out of several: fields, files and lineage of all of them. */
export function combine(parts: readonly Placed[], options: CombineOptions): Item {
  const binary = Object.assign({}, ...ordered(parts, options).map(({ item }) => item.binary ?? {})) as Item["binary"];
  return {
    json: options.clash === "addSuffix" ? suffixed(parts) : mergedJson(ordered(parts, options), options),
    ...(binary && Object.keys(binary).length > 0 && { binary }),
    pairedItem: parts.map(pairOf),
  };
}

/** Fields with the number of their input after the name. */
export const suffixed = (parts: readonly Placed[]): JsonObject => {
  const json: JsonObject = {};
  for (const { item, input } of parts) {
    for (const [name, value] of Object.entries(item.json)) json[`${name}_${input + 1}`] = value;
  }
  return json;
};

/** Later parts win, so whoever is preferred comes last. */
const ordered = (parts: readonly Placed[], { clash }: CombineOptions): readonly Placed[] =>
  clash === "preferInput1" ? [...parts].reverse() : parts;

function mergedJson(parts: readonly Placed[], { nested, overrideEmpty }: CombineOptions): JsonObject {
  let json: JsonObject = {};
  for (const { item } of parts) {
    json = nested === "deep" ? (deepMerge(json, item.json, overrideEmpty) as JsonObject) : shallowMerge(json, item.json, overrideEmpty);
  }
  return json;
}

function shallowMerge(base: JsonObject, over: JsonObject, overrideEmpty: boolean): JsonObject {
  if (!overrideEmpty) return { ...base, ...over };
  const result = { ...base };
  for (const [name, value] of Object.entries(over)) if (!isEmpty(value) || !Object.hasOwn(base, name)) result[name] = value;
  return result;
}

/** Objects are merged by key and lists by position; anything else is replaced. */
function deepMerge(base: Json, over: Json, overrideEmpty: boolean): Json {
  if (isObject(base) && isObject(over)) {
    const result: JsonObject = { ...base };
    for (const [name, value] of Object.entries(over)) {
      if (!Object.hasOwn(base, name)) result[name] = value;
      else if (!overrideEmpty || !isEmpty(value)) result[name] = deepMerge(base[name] as Json, value, overrideEmpty);
    }
    return result;
  }
  if (Array.isArray(base) && Array.isArray(over)) {
    const longer = base.length > over.length ? base : over;
    return longer.map((_, index) =>
      index < base.length && index < over.length
        ? deepMerge(base[index] as Json, over[index] as Json, overrideEmpty)
        : (longer[index] as Json),
    );
  }
  return over;
}
