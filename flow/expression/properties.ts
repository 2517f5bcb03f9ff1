import { DateTime, Duration, Interval } from "luxon";
import { allocate, step } from "./budget";
import { ExpressionError, typeError } from "./errors";
import { setElement } from "./methods/array-mutating";
import { dateTimeProperty, durationProperty, intervalProperty } from "./methods/date";
import { findMethod, nativeMethod, typesWithExtension } from "./methods/lookup";
import { regexpProperty } from "./methods/regexp";
import { callFunction } from "./methods/table";
import { run } from "./run";
import {
  checkKey,
  describeValue,
  GuestError,
  GuestFunction,
  GuestRegExp,
  Instance,
  isFunction,
  isPlainObject,
  Namespace,
  owns,
  Reader,
  setOwn,
  toText,
} from "./values";

/** `value[key]`. The key has been checked (`checkKey`). Only own properties exist. */
export function getProperty(value: unknown, key: string): unknown {
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) {
      if (key === "length") return value.length;
      return owns(value, key) ? (value as unknown as Record<string, unknown>)[key] : bound(value, key);
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return owns(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    return exoticProperty(value, key);
  }
  if (value === undefined || value === null) throw typeError(`Cannot read properties of ${value} (reading '${key}')`);
  if (typeof value === "string") {
    if (key === "length") return value.length;
    const index = Number(key);
    if (index >= 0 && Number.isInteger(index) && String(index) === key) return value[index];
  }
  return bound(value, key);
}

function exoticProperty(value: object, key: string): unknown {
  if (value instanceof Reader) return value.get(key);
  if (value instanceof Namespace) return key === "name" && isFunction(value) ? value.name : value.members.get(key);
  if (value instanceof DateTime) return dateTimeProperty(value, key) ?? bound(value, key);
  if (value instanceof Duration) return durationProperty(value, key) ?? bound(value, key);
  if (value instanceof Interval) return intervalProperty(value, key) ?? bound(value, key);
  if (value instanceof Map || value instanceof Set) return key === "size" ? value.size : bound(value, key);
  if (value instanceof GuestRegExp) return regexpProperty(value, key) ?? bound(value, key);
  if (value instanceof GuestError)
    return key === "name" ? value.name : key === "message" ? value.message : key === "stack" ? value.toString() : undefined;
  if (value instanceof GuestFunction) return key === "name" ? value.name : bound(value, key);
  if (value instanceof Instance) {
    const method = owns(value.methods, key) ? value.methods[key] : undefined;
    return method ? new GuestFunction(method, key) : value.read(key);
  }
  return bound(value, key);
}

/** A built-in method that is read and not called: a function bound to its value. */
function bound(value: unknown, key: string): unknown {
  const method = nativeMethod(value, key);
  return method ? new GuestFunction((args) => method(value as never, args), key) : undefined;
}

/** `value[key](...args)`. */
export function callMethod(value: unknown, key: string, args: unknown[]): unknown {
  step();
  checkKey(key);
  const method = findMethod(value, key);
  if (method) {
    if (!isPlainObject(value) || !owns(value, key) || !isFunction(value[key])) return method(value as never, args);
    return callFunction(value[key], args);
  }
  if (value === undefined || value === null) return callOnNothing(value, key);
  if (value instanceof Instance) {
    if (owns(value.methods, key)) return value.methods[key]?.(args);
    if (key === "toString") return value.text();
  }
  const property = getProperty(value, key);
  if (isFunction(property)) return callFunction(property, args);
  if (key === "toString" && typeof value === "object") return toText(value);
  const types = property === undefined ? typesWithExtension(key) : [];
  if (types.length > 0) {
    const listed = types.map((type) => `"${type}"`).join(", ");
    throw new ExpressionError(
      `${key}() is only callable on ${types.length === 1 ? "type" : "types"} ${listed}, and this is ${describeValue(value)}`,
    );
  }
  throw typeError(`${key} is not a function`);
}

function callOnNothing(value: null | undefined, key: string): unknown {
  if (key === "isEmpty") return true;
  if (key === "isNotEmpty") return false;
  if (typesWithExtension(key).length > 0) {
    throw new ExpressionError(`${key}() can't be used on ${value} value`, { hint: `To allow for missing data write ?.${key}()` });
  }
  throw typeError(`Cannot read properties of ${value} (reading '${key}')`);
}

/** Whether `value[key]` could be called, for `value.key?.()`. */
export function isCallable(value: unknown, key: string): boolean {
  return (
    findMethod(value, key) !== undefined || (value instanceof Instance && owns(value.methods, key)) || isFunction(getProperty(value, key))
  );
}

/** `value[key] = content`. Only in expressions that work on copies. */
export function setProperty(value: unknown, key: string, content: unknown): void {
  step();
  checkKey(key);
  if (value === null || value === undefined) throw typeError(`Cannot set properties of ${value} (setting '${key}')`);
  if (run.copies === null) throw typeError("Cannot change a value here");
  if (Array.isArray(value)) setElement(value, key, content);
  else if (isPlainObject(value)) {
    allocate(16 + key.length);
    setOwn(value, key, content);
  } else if (value instanceof GuestRegExp && key === "lastIndex") value.lastIndex = Number(content) || 0;
  else throw typeError(`Cannot change ${describeValue(value)}`);
}

/** `delete value[key]`. */
export function deleteProperty(value: unknown, key: string): boolean {
  checkKey(key);
  if (value === null || value === undefined) throw typeError(`Cannot convert ${value} to object`);
  if (run.copies === null || !(isPlainObject(value) || Array.isArray(value))) throw typeError("Cannot change a value here");
  delete (value as Record<string, unknown>)[key];
  return true;
}

/** `key in value`. */
export function hasProperty(value: unknown, key: string): boolean {
  if (typeof value !== "object" || value === null) throw typeError(`Cannot use 'in' operator to search for '${key}' in ${toText(value)}`);
  if (value instanceof Reader) return value.keys().includes(key);
  if (Array.isArray(value)) return key === "length" || owns(value, key);
  return isPlainObject(value) && owns(value, key);
}
