import { allocate, step } from "../budget";
import { isPlainObject, setOwn, toInteger, toKey, toText } from "../values";
import { badArgument, contains, deepEqual, distinct } from "./extension";
import { stringify } from "./json";
import { mergeObjects, renameKeys } from "./object-extensions";
import { type Method, table } from "./table";

type List = unknown[];

function numbers(list: List, method: string): number[] {
  step(list.length);
  if (list.some((value) => typeof value !== "number")) throw badArgument(method, "all array elements must be numbers");
  return list as number[];
}

function other(value: unknown, method: string, example: string): List {
  if (!Array.isArray(value)) throw badArgument(method, `expected an array, e.g. .${method}(${example})`);
  allocate(value.length * 8);
  return value;
}

const isEmptyValue = (value: unknown) => value === null || value === undefined || value === "";

function chunk(list: List, size: unknown): List[] {
  const length = toInteger(size);
  if (length < 1) throw badArgument("chunk", "expected a length above zero, e.g. .chunk(5)");
  const chunks: List[] = [];
  allocate(list.length * 16);
  for (let start = 0; start < list.length; start += length) chunks.push(list.slice(start, start + length));
  return chunks;
}

/** The values of the fields in each object: one field gives values, several give lists. */
function pluck(list: List, fields: unknown[]): unknown[] {
  if (fields.length === 0) return list;
  const names = fields.map(toKey);
  step(list.length * names.length);
  return list.flatMap((entry) => {
    if (!isPlainObject(entry)) return [];
    const values = names.filter((name) => Object.hasOwn(entry, name)).map((name) => entry[name]);
    return values.length === 0 ? [] : names.length === 1 ? values : [values];
  });
}

function removeDuplicates(list: List, keys: unknown[]): List {
  const names = keys.flatMap((key) => toText(key).split(",")).map((key) => key.trim());
  if (names.length === 0) return distinct(list);
  return distinct(list, (a, b) => {
    if (!isPlainObject(a) || !isPlainObject(b)) return deepEqual(a, b);
    return names.every((name) => deepEqual(own(a, name), own(b, name)));
  });
}

const own = (object: Record<string, unknown>, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);

function smartJoin(list: List, [keyField, valueField]: unknown[]): Record<string, unknown> {
  if (typeof keyField !== "string" || typeof valueField !== "string" || keyField === "" || valueField === "") {
    throw badArgument("smartJoin", 'expected two field names, e.g. .smartJoin("name", "value")');
  }
  const result: Record<string, unknown> = {};
  for (const entry of list) {
    step();
    if (isPlainObject(entry) && Object.hasOwn(entry, keyField) && Object.hasOwn(entry, valueField))
      setOwn(result, toText(entry[keyField]), entry[valueField]);
  }
  return result;
}

/** Two lists of objects as one, element by element; without a list, all objects as one. */
function merge(list: List, [others]: unknown[]): unknown {
  const objects = (values: List) => values.filter(isPlainObject);
  if (others === undefined) return objects(list).reduce<Record<string, unknown>>(mergeObjects, {});
  const second = other(others, "merge", "[{ id: 1, name: 'a' }]");
  return Array.from({ length: Math.max(list.length, second.length) }, (_, index) => {
    step();
    const [a, b] = [list[index], second[index]];
    return isPlainObject(a) && isPlainObject(b) ? mergeObjects(a, b) : (a ?? b);
  });
}

const extreme =
  (method: "max" | "min"): Method<List> =>
  (list) => {
    const values = numbers(list, method);
    return values.reduce((best, value) => Math[method](best, value), values.length === 0 ? Number.NaN : (values[0] as number));
  };

const unique: Method<List> = (list, keys) => removeDuplicates(list, keys);

/** n8n's methods of arrays. */
export const arrayExtensions = table<List>({
  append: (list, added) => {
    allocate((list.length + added.length) * 8);
    return [...list, ...added];
  },
  average: (list) => (list.length === 0 ? 0 : numbers(list, "average").reduce((sum, value) => sum + value, 0) / list.length),
  chunk: (list, [size]) => chunk(list, size),
  compact: (list) => list.filter((value) => !isEmptyValue(value)),
  difference: (list, [values]) => {
    const excluded = other(values, "difference", "[1, 2]");
    return distinct(list).filter((value) => !contains(excluded, value));
  },
  first: (list) => list[0],
  intersection: (list, [values]) => {
    const others = other(values, "intersection", "[1, 2]");
    return distinct(list).filter((value) => contains(others, value));
  },
  isEmpty: (list) => list.length === 0,
  isNotEmpty: (list) => list.length > 0,
  last: (list) => list.at(-1),
  max: extreme("max"),
  min: extreme("min"),
  merge,
  pluck,
  randomItem: (list) => list[Math.floor(Math.random() * list.length)],
  removeDuplicates: unique,
  unique,
  renameKeys: (list, names) => list.map((entry) => (isPlainObject(entry) ? renameKeys(entry, names) : entry)),
  smartJoin,
  sum: (list) => numbers(list, "sum").reduce((sum, value) => sum + value, 0),
  toJsonString: (list) => stringify(list),
  union: (list, [values]) => {
    const added = other(values, "union", "[1, 2]");
    allocate((list.length + added.length) * 8);
    return distinct([...list, ...added]);
  },
});
