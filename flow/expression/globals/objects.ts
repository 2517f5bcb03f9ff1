import { allocate, step } from "../budget";
import { typeError } from "../errors";
import { parseJson, stringify } from "../methods/json";
import { callback } from "../methods/table";
import { getProperty, setProperty } from "../properties";
import {
  GuestError,
  isFunction,
  isPlainObject,
  iterate,
  keysOf,
  Namespace,
  owns,
  Reader,
  setOwn,
  toInteger,
  toKey,
  toNumber,
  toText,
} from "../values";
import { guest, guests } from "./define";

const entriesOf = (value: unknown): [string, unknown][] => {
  const keys = keysOf(value);
  allocate(keys.length * 16);
  return keys.map((key) => [key, getProperty(value, key)]);
};

function fromEntries(value: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const entry of iterate(value)) {
    step();
    allocate(16);
    setOwn(result, toKey(getProperty(entry, "0")), getProperty(entry, "1"));
  }
  return result;
}

function assign(target: unknown, ...sources: unknown[]): unknown {
  for (const source of sources) {
    if (source === null || source === undefined) continue;
    for (const [key, value] of entriesOf(source)) setProperty(target, key, value);
  }
  return target;
}

function groupBy(values: unknown, f: unknown): Record<string, unknown[]> {
  const call = callback(f);
  const groups: Record<string, unknown[]> = {};
  for (const [index, value] of iterate(values).entries()) {
    const key = toKey(call(value, index, undefined));
    allocate(16);
    if (!owns(groups, key)) setOwn(groups, key, []);
    groups[key]?.push(value);
  }
  return groups;
}

const identity = (value: unknown) => value;

export const objectGlobal = new Namespace("Object", {
  call: ([value]) => value ?? {},
  construct: ([value]) => value ?? {},
  has: (value) => typeof value === "object" && value !== null,
  members: guests({
    keys: keysOf,
    values: (value) => entriesOf(value).map(([, entry]) => entry),
    entries: entriesOf,
    fromEntries,
    assign,
    groupBy,
    is: Object.is,
    hasOwn: (value, key) => (isPlainObject(value) || Array.isArray(value)) && owns(value, toKey(key)),
    getOwnPropertyNames: keysOf,
    freeze: identity,
    seal: identity,
    isFrozen: () => false,
  }),
});

function arrayFrom(source: unknown, f: unknown): unknown[] {
  const values = listFrom(source);
  if (f === undefined) return values;
  const call = callback(f);
  return values.map((value, index) => call(value, index, undefined));
}

function listFrom(source: unknown): unknown[] {
  if (source === null || source === undefined) throw typeError(`${source} is not iterable`);
  if (isPlainObject(source)) {
    const length = toInteger(owns(source, "length") ? source.length : 0);
    allocate(Math.max(0, length) * 8);
    return Array.from({ length }, (_, index) => (owns(source, String(index)) ? source[String(index)] : undefined));
  }
  if (typeof source === "number" || typeof source === "boolean" || isFunction(source)) return [];
  const items = iterate(source);
  allocate(items.length * 8);
  return [...items];
}

function newArray(args: unknown[]): unknown[] {
  if (args.length !== 1 || typeof args[0] !== "number") return [...args];
  allocate(args[0] * 8);
  // Holes would make `map` skip; ours never has any.
  return Array.from<unknown>({ length: new Array(args[0]).length });
}

export const arrayGlobal = new Namespace("Array", {
  call: newArray,
  construct: newArray,
  has: Array.isArray,
  members: guests({ isArray: Array.isArray, from: arrayFrom, of: (...values) => values }),
});

export const jsonGlobal = new Namespace("JSON", {
  members: guests({
    stringify,
    parse: (text, reviver) => (reviver === undefined ? parseJson(toText(text)) : revived(parseJson(toText(text)), "", reviver)),
  }),
});

function revived(value: unknown, key: string, reviver: unknown): unknown {
  const call = callback(reviver);
  step();
  if (Array.isArray(value))
    return call(
      key,
      value.map((entry, index) => revived(entry, String(index), reviver)),
      undefined,
    );
  if (!isPlainObject(value)) return call(key, value, undefined);
  const entries = Object.entries(value).map(([name, entry]): [string, unknown] => [name, revived(entry, name, reviver)]);
  return call(key, Object.fromEntries(entries.filter(([, entry]) => entry !== undefined)), undefined);
}

const collection = <T extends Map<unknown, unknown> | Set<unknown>>(
  name: string,
  type: new () => T,
  fill: (made: T, source: unknown) => void,
) =>
  new Namespace(name, {
    construct: ([source]) => {
      const made = new type();
      if (source !== null && source !== undefined) fill(made, source);
      return made;
    },
    has: (value) => value instanceof type,
    members: name === "Map" ? { groupBy: guest("groupBy", (values, f) => mapGroupBy(values, f)) } : {},
  });

function mapGroupBy(values: unknown, f: unknown): Map<unknown, unknown[]> {
  const call = callback(f);
  const groups = new Map<unknown, unknown[]>();
  for (const [index, value] of iterate(values).entries()) {
    const key = call(value, index, undefined);
    allocate(32);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

export const mapGlobal = collection<Map<unknown, unknown>>("Map", Map, (map, source) => {
  for (const entry of iterate(source)) {
    allocate(32);
    map.set(getProperty(entry, "0"), getProperty(entry, "1"));
  }
});

export const setGlobal = collection<Set<unknown>>("Set", Set, (set, source) => {
  for (const value of iterate(source)) {
    allocate(32);
    set.add(value);
  }
});

const errorGlobal = (name: string) => {
  const make = ([message]: unknown[]) => new GuestError(name, message === undefined ? "" : toText(message));
  const has = (value: unknown) => value instanceof GuestError && (name === "Error" || value.name === name);
  return new Namespace(name, { call: make, construct: make, has });
};

export const errorGlobals = ["Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError", "URIError", "EvalError"].map(errorGlobal);

/** `$if`, `$max`, …: n8n's helpers. */
export const helperFunctions: Record<string, (...args: unknown[]) => unknown> = {
  $if: (condition, yes, no) => (condition ? yes : no),
  $ifEmpty: (value, otherwise) => (isEmpty(value) ? otherwise : value),
  $not: (value) => !value,
  $min: (...values) => Math.min(...numbersOf(values)),
  $max: (...values) => Math.max(...numbersOf(values)),
  $average: (...values) => average(numbersOf(values)),
};

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return (isPlainObject(value) && keysOf(value).length === 0) || (value instanceof Reader && value.keys().length === 0);
}

/** Numbers, also in lists. */
function numbersOf(values: unknown[]): number[] {
  return values.flatMap((value) => (Array.isArray(value) ? numbersOf(value) : [toNumber(value)]));
}

const average = (numbers: number[]) => (numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
