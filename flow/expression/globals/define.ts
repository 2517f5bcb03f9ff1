import { step } from "../budget";
import { GuestFunction } from "../values";

/** A built-in function. */
export const guest = (name: string, f: (...args: unknown[]) => unknown): GuestFunction =>
  new GuestFunction((args) => {
    step();
    return f(...args);
  }, name);

/** Built-in functions by name. */
export const guests = (functions: Record<string, (...args: unknown[]) => unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(functions).map(([name, f]) => [name, guest(name, f)]));
