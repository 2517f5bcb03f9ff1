import { DateTime } from "luxon";
import type { ScheduleRule } from "./definition";
import { nextCron } from "./next-cron";

/** Weeks begin on Monday; this one is counted from. */
const EPOCH = { year: 1970, month: 1, day: 5 };
/** A rule that gives no instant within this many of its periods (31 February) gives none. */
const MAX_PERIODS = 1500;

/**
 * The first instant after `after` at which a rule is due, in a time zone; null when there is none. Intervals are counted from a
 * fixed day, never from when the flow was published, so that every scheduler finds the same instants. A local time that
 * daylight saving skips is due when the clock has moved on; one that comes twice is due once, the first time.
 * @throws Error for a cron expression that is not valid.
 */
export function nextOccurrence(rule: ScheduleRule, after: Date, timezone: string): Date | null {
  if (rule.every === "cron") return nextCron(rule.cron, after, timezone);
  const from = DateTime.fromJSDate(after, { zone: timezone });
  if (rule.every === "minutes") return nextMinutes(rule, from);
  if (rule.every === "hours") return nextHours(rule, from);
  return nextDays(rule, from);
}

/** The earliest instant of several rules; null when none of them is ever due again. */
export function nextOfRules(rules: readonly ScheduleRule[], after: Date, timezone: string): Date | null {
  const times = rules.flatMap((rule) => nextOccurrence(rule, after, timezone)?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Counted in real time: a day has 1440 minutes, whatever the clock on the wall does. */
function nextMinutes(rule: ScheduleRule, from: DateTime): Date {
  const period = rule.interval * MINUTE;
  return new Date((Math.floor(from.toMillis() / period) + 1) * period);
}

function nextHours(rule: ScheduleRule, from: DateTime): Date {
  // Zones with offsets of half an hour have their full hours elsewhere.
  const shift = ((from.offset % 60) * MINUTE + HOUR) % HOUR;
  const period = rule.interval * HOUR;
  const phase = rule.minute * MINUTE - shift;
  return new Date((Math.floor((from.toMillis() - phase) / period) + 1) * period + phase);
}

function nextDays(rule: ScheduleRule, from: DateTime): Date | null {
  const unit = rule.every as "days" | "weeks" | "months";
  const epoch = DateTime.fromObject(EPOCH, { zone: from.zone }).startOf(unit === "months" ? "month" : unit === "weeks" ? "week" : "day");
  const passed = Math.floor(from.diff(epoch, unit).as(unit));
  const first = Math.floor(passed / rule.interval) * rule.interval;
  for (let count = 0; count < MAX_PERIODS; count++) {
    const period = epoch.plus({ [unit]: first + count * rule.interval });
    const due = daysOf(rule, period)
      .map((day) => day.set({ hour: rule.hour, minute: rule.minute, second: 0, millisecond: 0 }))
      .filter((time) => time.toMillis() > from.toMillis())
      .sort((a, b) => a.toMillis() - b.toMillis());
    if (due[0]) return due[0].toJSDate();
    if (rule.every === "weeks" && rule.weekdays.length === 0) return null;
  }
  return null;
}

function daysOf(rule: ScheduleRule, period: DateTime): DateTime[] {
  if (rule.every === "weeks") return rule.weekdays.map((weekday) => period.plus({ days: (weekday + 6) % 7 }));
  if (rule.every === "months") return [period.set({ day: Math.min(rule.dayOfMonth, period.daysInMonth ?? 28) })];
  return [period];
}
