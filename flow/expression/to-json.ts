import { DateTime, Duration, Interval } from "luxon";
import type { Json } from "../item";
import { ExpressionError } from "./errors";

const MAX_DEPTH = 500;

/**
 * A value as it is stored: DateTime, Date, Duration and Interval become ISO text, NaN and infinities null, a bigint text,
 * `undefined` in an object is left out and in an array null. `undefined` itself stays undefined. A value that is JSON
 * already comes back as it is, not copied.
 * @throws ExpressionError for a value that contains itself or is nested more than 500 deep.
 */
export function toJson(value: unknown): Json | undefined {
  return convert(value, 0);
}

function convert(value: unknown, depth: number): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return null;
      if (depth > MAX_DEPTH) throw new ExpressionError("The value contains itself or is nested too deeply to be stored");
      return Array.isArray(value) ? convertArray(value, depth) : convertObject(value, depth);
    default:
      return undefined;
  }
}

function convertArray(value: unknown[], depth: number): Json {
  let copy: Json[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const before = value[index];
    const after = convert(before, depth + 1) ?? null;
    if (copy) copy.push(after);
    else if (after !== before) copy = [...(value.slice(0, index) as Json[]), after];
  }
  return copy ?? (value as Json[]);
}

function convertObject(value: object, depth: number): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof DateTime) return value.toISO();
  if (value instanceof Duration || value instanceof Interval) return value.toISO();
  if (value instanceof Map) return convert(Object.fromEntries([...value].map(([key, entry]) => [String(key), entry])), depth) ?? null;
  if (value instanceof Set) return convertArray([...value], depth);
  let copy: { [key: string]: Json } | undefined;
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const before = record[key];
    const after = convert(before, depth + 1);
    if (after !== before || (before === undefined && !copy)) {
      if (!copy) {
        copy = {};
        for (const earlier of keys.slice(0, index)) copy[earlier] = record[earlier] as Json;
      }
    }
    if (copy && after !== undefined) copy[key] = after;
  }
  return copy ?? (record as { [key: string]: Json });
}
