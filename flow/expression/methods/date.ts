import { DateTime, Duration, Interval } from "luxon";
import { step } from "../budget";
import { enterFlowTime } from "../run";
import { Instance, isPlainObject, toNumber, toText } from "../values";
import { DEFAULT_LOCALE } from "./number-format";
import { locales, type Method, type MethodTable, options, table } from "./table";

const GETTERS = ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"];
const LOCALE_FORMATS = ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"] as const;

type NativeDate = Record<string, (this: Date, ...args: number[]) => unknown>;
const native = Date.prototype as unknown as NativeDate;

const dateNames = [
  ...GETTERS.flatMap((name) => [`get${name}`, `getUTC${name}`, `set${name}`, `setUTC${name}`]).filter((name) => name in native),
  ...[
    "getTime",
    "setTime",
    "getTimezoneOffset",
    "valueOf",
    "toString",
    "toDateString",
    "toTimeString",
    "toISOString",
    "toUTCString",
    "toJSON",
    "getYear",
  ],
];

/** JavaScript's own methods of Date. */
export const dateMethods: MethodTable<Date> = table<Date>({
  ...Object.fromEntries(
    dateNames.map((name): [string, Method<Date>] => [name, (date, args) => native[name]?.apply(date, args.map(toNumber))]),
  ),
  ...Object.fromEntries(
    LOCALE_FORMATS.map((name): [string, Method<Date>] => [
      name,
      (date, [locale, settings]) => {
        step(20);
        return date[name](locales(locale, DEFAULT_LOCALE), options(settings));
      },
    ]),
  ),
});

/** What an argument may be for luxon: primitives, its own values, and lists or objects of these. */
export function luxonArgument(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DateTime || value instanceof Duration || value instanceof Interval || value instanceof Date) return value;
  if (depth > 2) return undefined;
  if (Array.isArray(value)) return value.slice(0, 100).map((entry) => luxonArgument(entry, depth + 1));
  if (!isPlainObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, luxonArgument(entry, depth + 1)]));
}

/** What luxon gives, when it is a value that the expression may hold. */
export function luxonResult(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DateTime || value instanceof Duration || value instanceof Interval || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(luxonResult);
  return isPlainObject(value) ? { ...value } : undefined;
}

interface LuxonTables<T> {
  methods: MethodTable<T>;
  getters: ReadonlyMap<string, (self: T) => unknown>;
}

/** Everything public of a class of luxon, but what hands out its inner workings. */
function luxonTables<T extends object>(prototype: T, denied: RegExp): LuxonTables<T> {
  const methods = new Map<string, Method<T>>();
  const getters = new Map<string, (self: T) => unknown>();
  for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === "constructor" || name.startsWith("_") || denied.test(name)) continue;
    if (get) getters.set(name, (self) => luxonResult(get.call(self)));
    else if (typeof value === "function") {
      methods.set(name, (self, args) => {
        step(5);
        enterFlowTime();
        return luxonResult(
          value.apply(
            self,
            args.map((argument) => luxonArgument(argument)),
          ),
        );
      });
    }
  }
  return { methods, getters };
}

const dateTime = luxonTables(
  DateTime.prototype,
  /^(zone|loc|reconfigure|toLocaleParts|resolvedLocaleOptions|resolvedLocaleOpts|getPossibleOffsets|inspect|invalid|isLuxonDateTime)$/,
);
const duration = luxonTables(Duration.prototype, /^(loc|conversionAccuracy|mapUnits|matrix|inspect|invalid|isLuxonDuration)$/);
const interval = luxonTables(Interval.prototype, /^(mapEndpoints|splitAt|splitBy|divideEqually|inspect|invalid)$/);

/** At most this many parts of an interval. */
const MAX_PARTS = 10_000;

function splitBy(self: Interval, [size]: unknown[]): unknown {
  const length = Duration.fromObject(options(size) ?? {});
  const parts = self.length("milliseconds") / Math.max(1, length.toMillis());
  step(Math.min(parts, MAX_PARTS) * 5);
  return parts > MAX_PARTS ? [] : luxonResult(self.splitBy(length));
}

export const dateTimeMethods: MethodTable<DateTime> = dateTime.methods;
export const durationMethods: MethodTable<Duration> = duration.methods;
export const intervalMethods: MethodTable<Interval> = new Map([
  ...interval.methods,
  ["splitBy", splitBy],
  ["divideEqually", (self: Interval, [count]: unknown[]) => luxonResult(self.divideEqually(Math.min(MAX_PARTS, toNumber(count))))],
]);

export function dateTimeProperty(value: DateTime, key: string): unknown {
  enterFlowTime();
  return key === "zone" ? zoneOf(value) : dateTime.getters.get(key)?.(value);
}
export const durationProperty = (value: Duration, key: string): unknown => duration.getters.get(key)?.(value);
export const intervalProperty = (value: Interval, key: string): unknown => interval.getters.get(key)?.(value);

function zoneOf({ zone, zoneName, isValid, offset }: DateTime): Instance {
  const properties: Record<string, unknown> = {
    zoneName,
    valid: isValid,
    isValid,
    name: zone.name,
    ianaName: zone.name,
    type: zone.type,
    isUniversal: zone.isUniversal,
  };
  return new Instance(
    "Zone",
    { offset: () => offset, toString: () => zone.name },
    (key) => (Object.hasOwn(properties, key) ? properties[key] : undefined),
    () => toText(zone.name),
    () => ({ zoneName, valid: isValid }),
  );
}
