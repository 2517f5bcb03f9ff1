import { DateTime, Duration, Interval } from "luxon";
import { GuestError, GuestFunction, GuestIterator, GuestRegExp, isPlainObject } from "../values";
import { arrayMethods } from "./array";
import { arrayExtensions } from "./array-extensions";
import { functionMethods, iteratorMethods, mapMethods, setMethods } from "./collections";
import { dateMethods, dateTimeMethods, durationMethods, intervalMethods } from "./date";
import { dateExtensions } from "./date-extensions";
import { bigintMethods, booleanMethods, numberMethods } from "./number";
import { booleanExtensions, numberExtensions } from "./number-extensions";
import { objectMethods } from "./object";
import { objectExtensions } from "./object-extensions";
import { regexpMethods } from "./regexp";
import { stringMethods } from "./string";
import { stringExtensions } from "./string-extensions";
import type { MethodTable } from "./table";

type AnyMethod = (self: never, args: unknown[]) => unknown;

interface Tables {
  native: MethodTable<never>;
  extension?: MethodTable<never>;
  /** n8n's methods that stand in front of luxon's of the same name. */
  extensionFirst?: boolean;
}

const STRING: Tables = { native: stringMethods as MethodTable<never>, extension: stringExtensions as MethodTable<never> };
const NUMBER: Tables = { native: numberMethods as MethodTable<never>, extension: numberExtensions as MethodTable<never> };
const BOOLEAN: Tables = { native: booleanMethods as MethodTable<never>, extension: booleanExtensions as MethodTable<never> };
const BIGINT: Tables = { native: bigintMethods as MethodTable<never> };
const ARRAY: Tables = { native: arrayMethods as MethodTable<never>, extension: arrayExtensions as MethodTable<never> };
const OBJECT: Tables = { native: objectMethods as MethodTable<never>, extension: objectExtensions as MethodTable<never> };
const DATE: Tables = { native: dateMethods as MethodTable<never>, extension: dateExtensions as MethodTable<never> };
const DATE_TIME: Tables = {
  native: dateTimeMethods as MethodTable<never>,
  extension: dateExtensions as MethodTable<never>,
  extensionFirst: true,
};

const CLASSES: [new (...args: never[]) => object, Tables][] = [
  [DateTime as never, DATE_TIME],
  [Date, DATE],
  [GuestRegExp, { native: regexpMethods as MethodTable<never> }],
  [Map, { native: mapMethods as MethodTable<never> }],
  [Set, { native: setMethods as MethodTable<never> }],
  [GuestIterator, { native: iteratorMethods as MethodTable<never> }],
  [Duration as never, { native: durationMethods as MethodTable<never> }],
  [Interval as never, { native: intervalMethods as MethodTable<never> }],
  [GuestFunction, { native: functionMethods as MethodTable<never> }],
  [GuestError, { native: objectMethods as MethodTable<never> }],
];

function tablesOf(value: unknown): Tables | undefined {
  switch (typeof value) {
    case "string":
      return STRING;
    case "number":
      return NUMBER;
    case "boolean":
      return BOOLEAN;
    case "bigint":
      return BIGINT;
    case "object":
      if (value === null) return undefined;
      if (Array.isArray(value)) return ARRAY;
      if (isPlainObject(value)) return OBJECT;
      return CLASSES.find(([type]) => value instanceof type)?.[1];
    default:
      return undefined;
  }
}

/** JavaScript's own method of a value. */
export function nativeMethod(value: unknown, name: string): AnyMethod | undefined {
  return tablesOf(value)?.native.get(name);
}

/** Any method of a value: JavaScript's, then n8n's. */
export function findMethod(value: unknown, name: string): AnyMethod | undefined {
  const tables = tablesOf(value);
  if (!tables) return undefined;
  if (tables.extensionFirst) return tables.extension?.get(name) ?? tables.native.get(name);
  return tables.native.get(name) ?? tables.extension?.get(name) ?? (tables === STRING ? dateTextMethod(value as string, name) : undefined);
}

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A text that is an instant, as JSON has dates, has the methods of dates. */
function dateTextMethod(text: string, name: string): AnyMethod | undefined {
  const method = dateExtensions.get(name);
  if (!method || !ISO_INSTANT.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : (_self, args) => method(date, args);
}

const EXTENDED_TYPES: [name: string, table: MethodTable<never>][] = [
  ["String", stringExtensions as MethodTable<never>],
  ["Number", numberExtensions as MethodTable<never>],
  ["Boolean", booleanExtensions as MethodTable<never>],
  ["Array", arrayExtensions as MethodTable<never>],
  ["Object", objectExtensions as MethodTable<never>],
  ["Date", dateExtensions as MethodTable<never>],
];

/** The types that have an extension method of this name. */
export const typesWithExtension = (name: string): string[] =>
  EXTENDED_TYPES.filter(([, methods]) => methods.has(name)).map(([type]) => type);
