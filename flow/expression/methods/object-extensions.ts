import { allocate, step } from "../budget";
import { checkKey, keysOf, setOwn, toKey, toText } from "../values";
import { badArgument } from "./extension";
import { stringify } from "./json";
import { table } from "./table";

type Fields = Record<string, unknown>;

/** A copy of the fields for which `keep` holds. */
function pick(object: Fields, keep: (value: unknown, key: string) => boolean): Fields {
  const result: Fields = {};
  for (const key of keysOf(object)) if (keep(object[key], key)) setOwn(result, key, object[key]);
  return result;
}

/** Fields of both; the first object's where both have one. */
export function mergeObjects(base: Fields, added: Fields): Fields {
  const result = pick(base, () => true);
  for (const key of keysOf(added)) if (!Object.hasOwn(result, key)) setOwn(result, key, added[key]);
  return result;
}

/** The object with fields renamed: `from1, to1, from2, to2, …`. Keeps the order of fields. */
export function renameKeys(object: Fields, names: unknown[]): Fields {
  if (names.length === 0 || names.length % 2 !== 0) {
    throw badArgument("renameKeys", 'expected pairs of names, e.g. .renameKeys("from", "to")');
  }
  const renames = new Map<string, string>();
  for (let index = 0; index < names.length; index += 2) renames.set(toKey(names[index]), toKey(names[index + 1]));
  const result: Fields = {};
  for (const key of keysOf(object)) setOwn(result, renames.get(key) ?? key, object[key]);
  return result;
}

function needle(value: unknown, method: string): string {
  if (typeof value !== "string" || value === "") throw badArgument(method, `expected a text to look for, e.g. .${method}("a")`);
  return value;
}

const holds = (value: unknown, text: string) => {
  step();
  return typeof value === "string" && value.includes(text);
};

function urlEncode(object: Fields): string {
  const parameters = new URLSearchParams();
  for (const key of keysOf(object)) {
    const text = toText(object[key]);
    allocate((key.length + text.length) * 3);
    parameters.append(key, text);
  }
  return parameters.toString();
}

/** n8n's methods of objects. */
export const objectExtensions = table<Fields>({
  compact: (object) => pick(object, (value) => value !== null && value !== undefined && value !== ""),
  hasField: (object, [name]) => Object.hasOwn(object, toKey(name)),
  isEmpty: (object) => keysOf(object).length === 0,
  isNotEmpty: (object) => keysOf(object).length > 0,
  keepFieldsContaining: (object, [value]) => {
    const text = needle(value, "keepFieldsContaining");
    return pick(object, (field) => holds(field, text));
  },
  removeFieldsContaining: (object, [value]) => {
    const text = needle(value, "removeFieldsContaining");
    return pick(object, (field) => !holds(field, text));
  },
  keys: (object) => keysOf(object),
  values: (object) => keysOf(object).map((key) => object[key]),
  merge: (object, [added]) => {
    if (typeof added !== "object" || added === null || Array.isArray(added))
      throw badArgument("merge", "expected an object, e.g. .merge({ a: 1 })");
    return mergeObjects(object, added as Fields);
  },
  removeField: (object, [name]) => {
    const key = toKey(name);
    checkKey(key);
    return pick(object, (_, field) => field !== key);
  },
  renameKeys,
  toJsonString: (object) => stringify(object),
  urlEncode,
});
