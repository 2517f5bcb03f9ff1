import { DateTime, Duration, Interval } from "luxon";
import { step } from "../budget";
import { luxonArgument, luxonResult } from "../methods/date";
import { enterFlowTime, run } from "../run";
import { Namespace, toNumber, toPrimitive, toText } from "../values";
import { guest, guests } from "./define";

/** `new Date(…)`. Without an argument it is the instant at which `$now` stands. */
function makeDate(args: unknown[]): Date {
  if (args.length === 0) return new Date(run.scope.now);
  if (args.length > 1) return new Date(...(args.slice(0, 7).map(toNumber) as [number, number]));
  const value = args[0] instanceof Date || DateTime.isDateTime(args[0]) ? Number(args[0].valueOf()) : toPrimitive(args[0]);
  return typeof value === "string" ? new Date(value) : new Date(toNumber(value));
}

export const dateGlobal = new Namespace("Date", {
  call: () => new Date(run.scope.now).toString(),
  construct: makeDate,
  has: (value) => value instanceof Date,
  members: guests({
    now: () => run.scope.now,
    parse: (text) => Date.parse(toText(text)),
    UTC: (...args) => Date.UTC(...(args.map(toNumber) as [number])),
  }),
});

type Statics = Record<string, (...args: unknown[]) => unknown>;

/** Public static functions of a class of luxon, by allowlist. */
function statics(type: unknown, names: string): Record<string, unknown> {
  const functions = type as Statics;
  return Object.fromEntries(
    names.split(" ").map((name) => [
      name,
      guest(name, (...args) => {
        step(5);
        enterFlowTime();
        return luxonResult(functions[name]?.(...args.map((argument) => luxonArgument(argument))));
      }),
    ]),
  );
}

/** luxon's presets of formats, such as `DateTime.DATE_FULL`. */
const formats = Object.fromEntries(
  Object.getOwnPropertyNames(DateTime)
    .filter((name) => /^(DATE|TIME|DATETIME)_/.test(name))
    .map((name) => [name, { ...(DateTime as unknown as Record<string, object>)[name] }]),
);

export const dateTimeGlobal = new Namespace("DateTime", {
  has: (value) => value instanceof DateTime,
  call: () => undefined,
  members: {
    ...formats,
    ...statics(
      DateTime,
      "now local utc fromISO fromFormat fromString fromMillis fromSeconds fromObject fromJSDate fromRFC2822 fromHTTP fromSQL invalid min max isDateTime",
    ),
  },
});

export const durationGlobal = new Namespace("Duration", {
  has: (value) => value instanceof Duration,
  call: () => undefined,
  members: statics(Duration, "fromObject fromMillis fromISO fromISOTime fromDurationLike isDuration"),
});

export const intervalGlobal = new Namespace("Interval", {
  has: (value) => value instanceof Interval,
  call: () => undefined,
  members: statics(Interval, "fromDateTimes fromISO after before merge xor isInterval"),
});
