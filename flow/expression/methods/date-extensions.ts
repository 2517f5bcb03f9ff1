import { DateTime, type DateTimeUnit, Duration, type DurationUnit } from "luxon";
import { enterFlowTime } from "../run";
import { describeValue, isPlainObject, toNumber, toText } from "../values";
import { toMoment } from "./date-parsing";
import { badArgument } from "./extension";
import { type Method, options, table } from "./table";

const UNITS = new Map<string, DateTimeUnit>(
  Object.entries({
    y: "year",
    q: "quarter",
    M: "month",
    w: "week",
    d: "day",
    h: "hour",
    hr: "hour",
    m: "minute",
    min: "minute",
    s: "second",
    sec: "second",
    ms: "millisecond",
  }),
);
const KNOWN_UNITS: ReadonlySet<string> = new Set(["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond"]);

/** A unit of time by any of its names: `day`, `days`, `d`. */
function unitOf(value: unknown, fallback: DateTimeUnit, method: string): DateTimeUnit {
  if (value === undefined) return fallback;
  const text = toText(value);
  const short = UNITS.get(text) ?? UNITS.get(text.replace(/s$/, ""));
  const long = text.toLowerCase().replace(/s$/, "");
  if (KNOWN_UNITS.has(long)) return long as DateTimeUnit;
  if (short) return short;
  throw badArgument(method, `unknown unit "${text}"; use ${[...KNOWN_UNITS].join(", ")}`);
}

/** A method that moves a moment; a Date stays a Date. */
const moving =
  (move: (moment: DateTime, args: unknown[]) => DateTime): Method<DateTime | Date> =>
  (self, args) => {
    const moved = move(toMoment(self, "date"), args);
    return self instanceof Date ? moved.toJSDate() : moved;
  };

function duration(args: unknown[], method: string): Duration {
  const [amount, unit] = args;
  if (amount instanceof Duration) return amount;
  if (isPlainObject(amount)) return Duration.fromObject(options(amount) ?? {});
  const number = toNumber(amount);
  if (amount === undefined || Number.isNaN(number)) throw badArgument(method, `expected a number of units, got ${describeValue(amount)}`);
  return Duration.fromObject({ [unitOf(unit, "millisecond", method)]: number });
}

/** The time from one moment to another: a number for one unit, an object for a list of them. */
function difference(from: DateTime, to: DateTime, unit: unknown, method: string): unknown {
  const plural = (value: unknown) => `${unitOf(value, "day", method)}s` as DurationUnit;
  if (Array.isArray(unit) && unit.length !== 1) return { ...to.diff(from, unit.map(plural)).toObject() };
  const single = plural(Array.isArray(unit) ? unit[0] : unit);
  return to.diff(from, single).as(single);
}

const EXTRACTABLE: Record<string, string> = {
  week: "weekNumber",
  weeknumber: "weekNumber",
  yeardaynumber: "ordinal",
  dayofyear: "ordinal",
  weekday: "weekday",
};

function extract(moment: DateTime, part: unknown): number {
  const name = part === undefined ? "week" : toText(part);
  const special = EXTRACTABLE[name.toLowerCase().replace(/s$/, "")];
  return moment.get((special ?? unitOf(name, "week", "extract")) as "year");
}

function isBetween(moment: DateTime, args: unknown[]): boolean {
  if (args.length < 2) throw badArgument("isBetween", "expected two dates");
  const [first, second] = args.slice(0, 2).map((value) => toMoment(value, "isBetween").toMillis()) as [number, number];
  const at = moment.toMillis();
  return Math.min(first, second) < at && at < Math.max(first, second);
}

const start = moving((moment, [unit]) => moment.startOf(unitOf(unit, "week", "beginningOf")));

/** n8n's methods of dates, for luxon's DateTime and JavaScript's Date. */
export const dateExtensions = table<DateTime | Date>({
  beginningOf: start,
  startOf: (self, [unit, settings]) =>
    self instanceof Date ? start(self, [unit]) : self.startOf(unitOf(unit, "week", "startOf"), options(settings)),
  endOf: moving((moment, [unit, settings]) => moment.endOf(unitOf(unit, "week", "endOf"), options(settings))),
  endOfMonth: moving((moment) => moment.endOf("month")),
  extract: (self, [part]) => extract(toMoment(self, "extract"), part),
  format: (self, [format, settings]) =>
    toMoment(self, "format").toFormat(format === undefined ? "yyyy-MM-dd" : toText(format), options(settings)),
  isBetween: (self, args) => isBetween(toMoment(self, "isBetween"), args),
  isDst: (self) => toMoment(self, "isDst").isInDST,
  isInLast: (self, [count, unit]) => {
    const moment = toMoment(self, "isInLast");
    const now = DateTime.now();
    const since = now.minus(duration([count ?? 0, unit ?? "minutes"], "isInLast"));
    return since <= moment && moment <= now;
  },
  isWeekend: (self) => toMoment(self, "isWeekend").weekday >= 6,
  plus: moving((moment, args) => moment.plus(duration(args, "plus"))),
  minus: moving((moment, args) => moment.minus(duration(args, "minus"))),
  diffTo: (self, [other, unit]) => difference(toMoment(self, "diffTo"), toMoment(other, "diffTo"), unit, "diffTo"),
  diffToNow: (self, [unit]) => {
    enterFlowTime();
    return difference(toMoment(self, "diffToNow"), DateTime.now(), unit, "diffToNow");
  },
  toDateTime: (self) => toMoment(self, "toDateTime"),
  toDate: (self) => (self instanceof Date ? self : self.toJSDate()),
  isEmpty: () => false,
  isNotEmpty: () => true,
});
