import type { Json, JsonObject } from "../item";

/** Largest gap that a path may open in a list; beyond it a typed index is a mistake that would fill the memory. */
const MAX_GAP = 10_000;

/** Paths are few and asked for once an item. */
const parsedPaths = new Map<string, readonly string[]>();
const MAX_PARSED_PATHS = 1000;

/** `a.b[0]["c d"]` as `["a", "b", "0", "c d"]`. */
export function parseFieldPath(path: string): readonly string[] {
  const known = parsedPaths.get(path);
  if (known) return known;
  const parts = partsOf(path);
  if (parsedPaths.size >= MAX_PARSED_PATHS) parsedPaths.clear();
  parsedPaths.set(path, parts);
  return parts;
}

function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const match of path.matchAll(/\[\s*(?:"([^"]*)"|'([^']*)'|([^\]]*))\s*\]|([^.[\]]+)/g)) {
    parts.push(match[1] ?? match[2] ?? match[3]?.trim() ?? (match[4] as string));
  }
  return parts;
}

const isContainer = (value: unknown): value is JsonObject | Json[] => typeof value === "object" && value !== null;
const isIndex = (part: string): boolean => /^(?:0|[1-9]\d*)$/.test(part);

/** Value at a path; a key that is spelled exactly like the path wins. Undefined when there is none. */
export function getField(json: JsonObject, path: string, dotNotation = true): Json | undefined {
  if (!dotNotation || Object.hasOwn(json, path)) return Object.hasOwn(json, path) ? json[path] : undefined;
  let value: Json | undefined = json;
  for (const part of parseFieldPath(path)) {
    if (!isContainer(value) || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value;
}

/**
 * A copy of `json` with a value put at a path; what is not on the path is shared with the original. Missing parents are made:
 * lists where the next part is an index, else objects.
 * @throws Error for a path that can't be set.
 */
export function setField(json: JsonObject, path: string, value: Json, dotNotation = true): JsonObject {
  const parts = dotNotation && !Object.hasOwn(json, path) ? parseFieldPath(path) : [path];
  if (parts.length === 0) throw new Error(`"${path}" is not a field name`);
  return put(json, parts, 0, value) as JsonObject;
}

/** Does to `json` itself, the caller's own copy, what `setField` does to a copy: for several fields one after the other. */
export function assignField(json: JsonObject, path: string, value: Json, dotNotation = true): void {
  const parts = dotNotation && !Object.hasOwn(json, path) ? parseFieldPath(path) : [path];
  const [first] = parts;
  if (first === undefined) throw new Error(`"${path}" is not a field name`);
  if (first === "__proto__") throw new Error('"__proto__" can\'t be a field name');
  json[first] = parts.length === 1 ? value : put(Object.hasOwn(json, first) ? json[first] : undefined, parts, 1, value);
}

function put(container: unknown, parts: readonly string[], depth: number, value: Json): Json {
  const part = parts[depth] as string;
  if (part === "__proto__") throw new Error('"__proto__" can\'t be a field name');
  const existing = isContainer(container) ? container : isIndex(part) ? [] : {};
  const child = Object.hasOwn(existing, part) ? (existing as JsonObject)[part] : undefined;
  const next = depth === parts.length - 1 ? value : put(child, parts, depth + 1, value);
  if (!Array.isArray(existing)) return { ...existing, [part]: next };
  const index = Number(part);
  if (!isIndex(part)) throw new Error(`"${part}" is not an index of the list in "${parts.slice(0, depth).join(".")}"`);
  if (index > existing.length + MAX_GAP) throw new Error(`The index ${index} is too far beyond the end of the list`);
  const copy = [...existing];
  while (copy.length < index) copy.push(null);
  copy[index] = next;
  return copy;
}

/** A copy of `json` without what is at a path. */
export function removeField(json: JsonObject, path: string, dotNotation = true): JsonObject {
  const parts = dotNotation && !Object.hasOwn(json, path) ? parseFieldPath(path) : [path];
  return take(json, parts, 0) as JsonObject;
}

function take(container: Json | undefined, parts: readonly string[], depth: number): Json | undefined {
  const part = parts[depth];
  if (part === undefined || !isContainer(container) || !Object.hasOwn(container, part)) return container;
  if (depth < parts.length - 1) {
    const child = take((container as JsonObject)[part], parts, depth + 1) as Json;
    if (Array.isArray(container)) return container.map((entry, index) => (index === Number(part) ? child : entry));
    return { ...container, [part]: child };
  }
  if (Array.isArray(container)) return container.filter((_, index) => index !== Number(part));
  const { [part]: _, ...rest } = container;
  return rest;
}

/** `id, name , address.city` as a list without empty entries. */
export const fieldNames = (list: string): string[] =>
  list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
