import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

const scheduled = (rules: JsonObject[]): Mapped => ({ type: "schedule-trigger", parameters: { rules }, inputs: [] });

const whole = (value: Json | undefined, fallback: number): number => {
  const number = Number(value ?? fallback);
  return Number.isFinite(number) ? Math.trunc(number) : fallback;
};

/** Every so many seconds, which only a cron expression can say, and only within a minute. */
function everySeconds(source: Source, field: string, seconds: number): JsonObject {
  if (seconds < 60) {
    if (60 % seconds !== 0) source.changed(field, `every ${seconds} seconds starts anew with each minute here`);
    return { every: "cron", cron: `*/${Math.max(1, seconds)} * * * * *` };
  }
  if (seconds % 60 !== 0) source.changed(field, `every ${seconds} seconds becomes every ${Math.round(seconds / 60)} minutes`);
  return { every: "minutes", interval: Math.round(seconds / 60) };
}

/** Schedule Trigger 1–1.2. */
export const scheduleTrigger: NodeMapping = (source) => {
  const given = source.list("rule.interval");
  return scheduled((given.length > 0 ? given : [{}]).map((rule, index) => scheduleRule(source, rule, `rule.interval[${index}]`)));
};

function scheduleRule(source: Source, rule: JsonObject, field: string): JsonObject {
  for (const [key, value] of Object.entries(rule)) {
    if (typeof value === "string" && value.startsWith("="))
      source.missing(`${field}.${key}`, `is an expression (${value}), but must be fixed here`);
  }
  const time = { hour: whole(rule.triggerAtHour, 0), minute: whole(rule.triggerAtMinute, 0) };
  switch (rule.field ?? "days") {
    case "seconds":
      return everySeconds(source, field, whole(rule.secondsInterval, 30));
    case "minutes":
      return { every: "minutes", interval: whole(rule.minutesInterval, 5) };
    case "hours":
      return { every: "hours", interval: whole(rule.hoursInterval, 1), minute: time.minute };
    case "weeks": {
      const days = Array.isArray(rule.triggerAtDay) ? rule.triggerAtDay : [rule.triggerAtDay ?? 0];
      return { every: "weeks", interval: whole(rule.weeksInterval, 1), weekdays: days.map((day) => whole(day, 0) % 7), ...time };
    }
    case "months":
      return { every: "months", interval: whole(rule.monthsInterval, 1), dayOfMonth: whole(rule.triggerAtDayOfMonth, 1), ...time };
    case "cronExpression":
      return { every: "cron", cron: String(rule.expression ?? "") };
    case "days":
      return { every: "days", interval: whole(rule.daysInterval, 1), ...time };
    default:
      source.missing(field, `the rule "${String(rule.field)}" has no counterpart; every day is used`);
      return { every: "days", interval: 1, ...time };
  }
}

/** Cron, the schedule of before 2022. */
export const cron: NodeMapping = (source) => {
  const given = source.list("triggerTimes.item");
  return scheduled((given.length > 0 ? given : [{}]).map((rule, index) => cronRule(source, rule, `triggerTimes.item[${index}]`)));
};

/** A rule of Cron, and of triggers that poll. */
export function cronRule(source: Source, rule: JsonObject, field: string): JsonObject {
  const time = { hour: whole(rule.hour, 14), minute: whole(rule.minute, 0) };
  switch (rule.mode ?? "everyDay") {
    case "everyMinute":
      return { every: "minutes", interval: 1 };
    case "everyHour":
      return { every: "hours", interval: 1, minute: time.minute };
    case "everyWeek":
      return { every: "weeks", interval: 1, weekdays: [whole(rule.weekday, 1) % 7], ...time };
    case "everyMonth":
      return { every: "months", interval: 1, dayOfMonth: whole(rule.dayOfMonth, 1), ...time };
    case "everyX":
      return { every: rule.unit === "minutes" ? "minutes" : "hours", interval: whole(rule.value, 2) };
    case "custom":
      return { every: "cron", cron: String(rule.cronExpression ?? "* * * * * *").trim() };
    case "everyDay":
      return { every: "days", interval: 1, ...time };
    default:
      source.missing(field, `the mode "${String(rule.mode)}" has no counterpart; every day is used`);
      return { every: "days", interval: 1, ...time };
  }
}

/** Interval: every so many seconds, minutes or hours since it was switched on. */
export const interval: NodeMapping = (source) => {
  const amount = Math.max(1, source.fixedNumber("interval", 1));
  const unit = source.option("unit", { seconds: "seconds", minutes: "minutes", hours: "hours" }, "seconds");
  return scheduled([unit === "seconds" ? everySeconds(source, "interval", amount) : { every: unit, interval: amount }]);
};
