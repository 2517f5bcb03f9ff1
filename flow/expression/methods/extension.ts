import { step } from "../budget";
import { ExpressionError } from "../errors";
import { isPlainObject } from "../values";

/** An argument of an extension method is not what it takes. */
export const badArgument = (method: string, expectation: string): ExpressionError => new ExpressionError(`${method}(): ${expectation}`);

const MAX_DEPTH = 200;

/** Whether two values have the same content. */
export function deepEqual(a: unknown, b: unknown, depth = 0): boolean {
  step();
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (depth > MAX_DEPTH) throw new ExpressionError("The values are nested too deeply to be compared");
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((entry, index) => deepEqual(entry, b[index], depth + 1));
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key], depth + 1));
  }
  return typeof a.valueOf() === "number" && a.valueOf() === b.valueOf();
}

/** The first of each set of equal values. Primitives are told apart by a Set, objects by content. */
export function distinct(values: readonly unknown[], isSame: (a: unknown, b: unknown) => boolean = deepEqual): unknown[] {
  const primitives = new Set<unknown>();
  const objects: unknown[] = [];
  return values.filter((value) => {
    step();
    if (typeof value !== "object" || value === null) {
      if (primitives.has(value)) return false;
      primitives.add(value);
      return true;
    }
    if (objects.some((other) => isSame(other, value))) return false;
    objects.push(value);
    return true;
  });
}

/** Whether the same value, by content, is in the list. */
export function contains(list: readonly unknown[], value: unknown): boolean {
  step(list.length >> 3);
  if (typeof value !== "object" || value === null) return list.includes(value);
  return list.some((entry) => deepEqual(entry, value));
}
