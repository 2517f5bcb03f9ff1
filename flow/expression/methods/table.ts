import { typeError } from "../errors";
import { describeValue, GuestFunction, isFunction, Namespace } from "../values";

/** A built-in method: the value it is called on and the arguments. */
export type Method<T> = (self: T, args: unknown[]) => unknown;
export type MethodTable<T> = ReadonlyMap<string, Method<T>>;

/** Own names only: `Object.prototype`'s are no methods. */
export const table = <T>(methods: Record<string, Method<T>>): MethodTable<T> => new Map(Object.entries(methods));

type Callback = (a: unknown, b: unknown, c: unknown) => unknown;

/** An argument that has to be a function, called with at most three arguments. */
export function callback(value: unknown): Callback {
  if (value instanceof GuestFunction) return value.call3;
  if (value instanceof Namespace && value.traits.call) {
    const { call } = value.traits;
    return (a, b, c) => call([a, b, c]);
  }
  throw typeError(`${describeValue(value)} is not a function`);
}

/** Calls a value with arguments. */
export function callFunction(value: unknown, args: unknown[]): unknown {
  if (value instanceof GuestFunction) return value.call(args);
  if (value instanceof Namespace && value.traits.call) return value.traits.call(args);
  if (isFunction(value)) throw typeError(`${describeValue(value)} needs "new"`);
  throw typeError(`${describeValue(value)} is not a function`);
}

/** Options for a host function: own, primitive values only, so that nothing of the expression is called back. */
export function options(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => typeof entry !== "object" || entry === null));
}

/** A locale argument: text or a list of texts. */
export const locales = (value: unknown, fallback?: string): string | string[] | undefined =>
  typeof value === "string" ? value : Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : fallback;
