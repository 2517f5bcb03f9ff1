import { DateTime, Duration, Interval } from "luxon";
import { allocate, step } from "./budget";
import { ExpressionError, typeError } from "./errors";
import type { Pattern } from "./regexp/pattern";

/**
 * The values that an expression can hold: primitives, plain objects and arrays, Date, Map, Set, luxon's types, and the
 * classes of this file. A host function is never one: what looks like a function to the expression is a `GuestFunction`.
 */

/** A function as the expression sees it. Not callable by JavaScript, has no properties. */
export class GuestFunction {
  constructor(
    readonly call: (args: unknown[]) => unknown,
    readonly name = "",
    /** Shortcut for callbacks of array methods; the same as `call([a, b, c])`. */
    readonly call3: (a: unknown, b: unknown, c: unknown) => unknown = (a, b, c) => call([a, b, c]),
  ) {}
}

/** A built-in such as `Math`, `Date` or `DateTime`. */
export class Namespace {
  readonly members: Map<string, unknown>;
  constructor(
    readonly name: string,
    readonly traits: {
      members?: Record<string, unknown>;
      call?: (args: unknown[]) => unknown;
      construct?: (args: unknown[]) => unknown;
      /** `x instanceof Name`. */
      has?: (value: unknown) => boolean;
    },
  ) {
    this.members = new Map(Object.entries(traits.members ?? {}));
  }
}

/** A view on the execution's data (`$input`, `$('Name')`, …): reads by name, computed when read. */
export class Reader {
  constructor(
    readonly name: string,
    private readonly read: (key: string) => unknown,
    private readonly listKeys: () => string[],
  ) {}
  get(key: string): unknown {
    return this.read(key);
  }
  keys(): string[] {
    return this.listKeys();
  }
}

/** An instance of a built-in that has no better home: named kind, methods and readable properties. */
export class Instance {
  constructor(
    readonly kind: string,
    readonly methods: Record<string, (args: unknown[]) => unknown>,
    readonly read: (key: string) => unknown = () => undefined,
    readonly text: () => string = () => `[object ${kind}]`,
    readonly json: () => unknown = () => ({}),
  ) {}
}

/** A caught or made error. */
export class GuestError {
  constructor(
    readonly name: string,
    readonly message: string,
  ) {}
  toString(): string {
    return this.message === "" ? this.name : `${this.name}: ${this.message}`;
  }
}

/** What `keys()`, `values()`, `matchAll()` … give: goes through once. */
export class GuestIterator {
  private position = 0;
  constructor(private readonly items: readonly unknown[]) {}
  next(): { value: unknown; done: boolean } {
    return this.position < this.items.length ? { value: this.items[this.position++], done: false } : { value: undefined, done: true };
  }
  /** The rest; nothing is left afterwards. */
  rest(): unknown[] {
    const rest = this.items.slice(this.position);
    this.position = this.items.length;
    return rest;
  }
}

/** A compiled regular expression; `lastIndex` counts with the flags g and y. */
export class GuestRegExp {
  lastIndex = 0;
  constructor(
    readonly source: string,
    readonly flags: string,
    readonly pattern: Pattern,
  ) {}
  get global(): boolean {
    return this.flags.includes("g");
  }
  toString(): string {
    return `/${this.source}/${this.flags}`;
  }
}

const FORBIDDEN: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
]);

/** Refuses the names that lead to the host in other interpreters; here they lead nowhere, but silence would mislead. */
export function checkKey(key: string): void {
  if (FORBIDDEN.has(key)) throw new ExpressionError(`Cannot access "${key}" due to security concerns`);
}

const hasOwn = Object.prototype.hasOwnProperty;
export const owns = (object: object, key: string): boolean => hasOwn.call(object, key);

/** An object as JSON or an object literal makes it. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Sets an own property; never reaches a setter or prototype. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") checkKey(key);
  object[key] = value;
}

export const isFunction = (value: unknown): boolean =>
  value instanceof GuestFunction ||
  (value instanceof Namespace && (value.traits.call !== undefined || value.traits.construct !== undefined));

/** A value as a property key. */
export const toKey = (value: unknown): string => (typeof value === "string" ? value : toText(value));

const MAX_TEXT_DEPTH = 100;

/** `String(value)`, as JavaScript has it. */
export function toText(value: unknown, depth = 0): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  step();
  if (Array.isArray(value)) return joinText(value, ",", depth);
  if (value instanceof DateTime || value instanceof Duration || value instanceof Interval) return String(value.toString());
  if (value instanceof Date) return value.toString();
  if (value instanceof GuestRegExp || value instanceof GuestError) return value.toString();
  if (value instanceof GuestFunction) return `function ${value.name}() { … }`;
  if (value instanceof Namespace) return isFunction(value) ? `function ${value.name}() { … }` : `[object ${value.name}]`;
  if (value instanceof Instance) return value.text();
  if (value instanceof Map) return "[object Map]";
  if (value instanceof Set) return "[object Set]";
  if (isPlainObject(value)) {
    const custom = owns(value, "toString") ? value.toString : undefined;
    const made: unknown = custom instanceof GuestFunction ? custom.call([]) : undefined;
    if (custom instanceof GuestFunction && (typeof made !== "object" || made === null)) return toText(made, depth + 1);
  }
  return "[object Object]";
}

/** `array.join(separator)`. */
export function joinText(array: readonly unknown[], separator: string, depth = 0): string {
  if (depth > MAX_TEXT_DEPTH) throw typeError("The array contains itself or is nested too deeply to be printed");
  step(array.length);
  const parts: string[] = [];
  for (const entry of array) {
    const text = entry === null || entry === undefined ? "" : toText(entry, depth + 1);
    allocate(text.length + separator.length);
    parts.push(text);
  }
  return parts.join(separator);
}

/** An object as a primitive, with the default hint of operators. */
export function toPrimitive(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DateTime || value instanceof Duration) return value.valueOf();
  // Plus on a Date concatenates; every other operator asks with the number hint (`toNumeric`).
  if (isPlainObject(value) && owns(value, "valueOf") && value.valueOf instanceof GuestFunction) {
    const made = (value.valueOf as unknown as GuestFunction).call([]);
    if (typeof made !== "object" || made === null) return made;
  }
  return toText(value);
}

/** An operand of arithmetic or comparison. */
export const toNumeric = (value: unknown): unknown => (value instanceof Date ? value.getTime() : toPrimitive(value));

/** `Number(value)`; a bigint becomes a number. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "symbol") throw typeError("Cannot convert a symbol to a number");
  return Number(toNumeric(value) as string);
}

/** An integer argument; NaN and undefined become the default. */
export function toInteger(value: unknown, fallback = 0): number {
  if (value === undefined) return fallback;
  const number = Math.trunc(toNumber(value));
  return Number.isNaN(number) ? 0 : number;
}

/** What a `for … of`, a spread or `Array.from` goes through. */
export function iterate(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") {
    step(value.length >> 3);
    allocate(value.length * 8);
    return Array.from(value);
  }
  if (value instanceof Set) {
    allocate(value.size * 8);
    return [...value];
  }
  if (value instanceof Map) {
    allocate(value.size * 24);
    return [...value];
  }
  if (value instanceof GuestIterator) return value.rest();
  if (value instanceof Instance && value.methods.entries) return iterate(value.methods.entries([]));
  throw typeError(`${describeValue(value)} is not iterable`);
}

/** Own keys of a value as `Object.keys` lists them. */
export function keysOf(value: unknown): string[] {
  if (value === null || value === undefined) throw typeError("Cannot convert undefined or null to object");
  if (Array.isArray(value) || typeof value === "string") {
    allocate(value.length * 8);
    step(value.length >> 2);
    return Object.keys(value);
  }
  if (value instanceof Reader) return value.keys();
  if (value instanceof GuestError || !isPlainObject(value)) return [];
  const keys = Object.keys(value);
  step(keys.length >> 2);
  allocate(keys.length * 8);
  return keys;
}

/** How a message calls a value. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `"${value.length > 30 ? `${value.slice(0, 30)}…` : value}"`;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return "an array";
  if (isFunction(value)) return "a function";
  if (value instanceof Reader || value instanceof Namespace) return value.name;
  return value instanceof DateTime ? "a DateTime" : "an object";
}

/** `typeof value`. */
export function typeOf(value: unknown): string {
  return isFunction(value) ? "function" : typeof value;
}
