import { DateTime, Duration, Interval } from "luxon";
import { allocate, step } from "../budget";
import { typeError } from "../errors";
import { GuestError, GuestFunction, GuestIterator, GuestRegExp, Instance, isFunction, isPlainObject, Namespace, Reader } from "../values";
import { callFunction } from "./table";

const MAX_DEPTH = 200;

/**
 * A value of the expression as plain data: what JSON.stringify would see. `undefined` where JSON leaves the value out.
 * @param keepDates Date, DateTime, Duration and Interval stay what they are, Maps and Sets become objects and arrays: for results.
 */
export function toData(value: unknown, keepDates: boolean, depth = 0): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  step();
  if (depth > MAX_DEPTH) throw typeError("Converting circular structure to JSON");
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const before: unknown = value[index];
      const after = typeof before === "object" && before !== null ? toData(before, keepDates, depth + 1) : before;
      if (after !== before && !copy) {
        allocate(value.length * 8);
        copy = value.slice(0, index);
      }
      copy?.push(after);
    }
    return copy ?? value;
  }
  if (isPlainObject(value)) return plainData(value, keepDates, depth);
  if (value instanceof DateTime || value instanceof Duration || value instanceof Interval) return keepDates ? value : value.toISO();
  if (value instanceof Date) return keepDates ? value : Number.isNaN(value.getTime()) ? null : value.toISOString();
  return exoticData(value, keepDates, depth);
}

function plainData(value: Record<string, unknown>, keepDates: boolean, depth: number): unknown {
  const keys = Object.keys(value);
  step(keys.length >> 2);
  if (!keepDates && Object.hasOwn(value, "toJSON") && value.toJSON instanceof GuestFunction) {
    return toData(callFunction(value.toJSON, []), false, depth + 1);
  }
  let copy: Record<string, unknown> | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const before = value[key];
    const after = typeof before === "object" && before !== null ? toData(before, keepDates, depth + 1) : before;
    if (after !== before && !copy) {
      allocate(keys.length * 16);
      copy = {};
      for (const earlier of keys.slice(0, index)) copy[earlier] = value[earlier];
    }
    if (copy && after !== undefined) copy[key] = after;
  }
  return copy ?? value;
}

function exoticData(value: object, keepDates: boolean, depth: number): unknown {
  if (isFunction(value)) return undefined;
  if (value instanceof Reader) {
    const made: Record<string, unknown> = {};
    for (const key of value.keys()) {
      const entry = toData(value.get(key), keepDates, depth + 1);
      if (entry !== undefined && key !== "__proto__") made[key] = entry;
    }
    return made;
  }
  if (value instanceof Instance) return toData(value.json(), keepDates, depth + 1);
  if (value instanceof GuestError) return keepDates ? { name: value.name, message: value.message } : {};
  if (value instanceof GuestRegExp) return keepDates ? value.toString() : {};
  if (value instanceof GuestIterator) return keepDates ? toData(value.rest(), true, depth + 1) : {};
  if (value instanceof Set) return keepDates ? toData([...value], true, depth + 1) : {};
  if (value instanceof Map) {
    if (!keepDates) return {};
    const entries = [...value].filter(([key]) => key !== "__proto__");
    return toData(Object.fromEntries(entries.map(([key, entry]) => [String(key), entry])), true, depth + 1);
  }
  return value instanceof Namespace ? {} : undefined;
}

/** `JSON.stringify(value, replacer, space)`. */
export function stringify(value: unknown, replacer?: unknown, space?: unknown): string | undefined {
  if (typeof value === "bigint") throw typeError("Do not know how to serialize a BigInt");
  const data = toData(replacer === undefined || replacer === null ? value : replaced(value, "", replacer, 0), false);
  const indent = typeof space === "number" ? Math.min(space, 10) : typeof space === "string" ? space.slice(0, 10) : undefined;
  allocate(sizeOf(data, indent ? 10 : 0, 0));
  return JSON.stringify(data, null, indent);
}

/** At least the length of the text that the data makes, so that it is not made when it is too long. */
function sizeOf(data: unknown, perLine: number, depth: number): number {
  if (typeof data === "string") return data.length + 2;
  if (typeof data !== "object" || data === null) return 8;
  const line = perLine * depth + 4;
  let size = 2;
  for (const key of Object.keys(data)) {
    step();
    size += key.length + line + sizeOf((data as Record<string, unknown>)[key], perLine, depth + 1);
  }
  return size;
}

function replaced(value: unknown, key: string, replacer: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw typeError("Converting circular structure to JSON");
  step();
  const made = isFunction(replacer) ? callFunction(replacer, [key, value]) : value;
  if (Array.isArray(made)) return made.map((entry, index) => replaced(entry, String(index), replacer, depth + 1) ?? null);
  if (!isPlainObject(made)) return made;
  const allowed = Array.isArray(replacer) ? new Set(replacer.map(String)) : null;
  const entries = Object.entries(made).filter(([name]) => name !== "__proto__" && (!allowed || allowed.has(name)));
  return Object.fromEntries(entries.map(([name, entry]) => [name, replaced(entry, name, replacer, depth + 1)]));
}

/** `JSON.parse(text)`; a key `__proto__` is left out. */
export function parseJson(text: string): unknown {
  step(text.length >> 4);
  allocate(text.length * 2);
  return JSON.parse(text, text.includes("__proto__") || text.includes("\\u") ? dropProto : undefined);
}

const dropProto = (key: string, value: unknown) => (key === "__proto__" ? undefined : value);
