import { checkTemplate } from "@/flow/expression/template";
import type { FlowSettings } from "@/flow/graph/schema";

export const UNITS = { milliseconds: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;

/** A length of time as people write it. */
export interface Span {
  amount: string;
  unit: Unit;
}

/** How the waits between attempts grow. */
export const BACKOFFS = [
  { value: "fixed", label: "The same each time" },
  { value: "exponential", label: "Twice as long each time" },
] as const;

/** The settings of a flow as a form holds them: texts as they were typed. */
export interface SettingsFields {
  timezone: string;
  maxVisits: string;
  timeout: Span;
  priority: string;
  concurrency: { on: boolean; limit: string; key: string; overlap: "queue" | "skip" | "cancelPrevious" };
  debounce: { on: boolean; wait: Span; most: Span; key: string };
  throttle: { on: boolean; limit: string; period: Span; key: string };
  retry: { on: boolean; attempts: string; wait: Span; backoff: "fixed" | "exponential" };
}

/** In the largest unit that says it exactly. */
function spanOf(ms: number | undefined, unit: Unit): Span {
  if (ms === undefined) return { amount: "", unit };
  const exact = (Object.keys(UNITS) as Unit[]).reverse().find((each) => ms >= UNITS[each] && ms % UNITS[each] === 0) ?? "milliseconds";
  return { amount: String(ms / UNITS[exact]), unit: exact };
}

const shownKey = (key: string | undefined): string => (key?.startsWith("=") ? key.slice(1) : (key ?? ""));
const storedKey = (key: string): string | undefined => {
  const text = key.trim();
  if (text === "") return undefined;
  return text.includes("{{") ? `=${text}` : text;
};

export function fieldsOf(settings: FlowSettings): SettingsFields {
  const { concurrency, debounce, throttle, retryPolicy } = settings;
  return {
    timezone: settings.timezone ?? "",
    maxVisits: settings.maxVisits === undefined ? "" : String(settings.maxVisits),
    timeout: spanOf(settings.timeoutMs, "minutes"),
    priority: settings.priority === undefined ? "" : String(settings.priority),
    concurrency: {
      on: concurrency !== undefined,
      limit: String(concurrency?.limit ?? 1),
      key: shownKey(concurrency?.key),
      overlap: concurrency?.overlap ?? "queue",
    },
    debounce: {
      on: debounce !== undefined,
      wait: spanOf(debounce?.ms ?? 5000, "seconds"),
      most: spanOf(debounce?.maxMs, "minutes"),
      key: shownKey(debounce?.key),
    },
    throttle: {
      on: throttle !== undefined,
      limit: String(throttle?.limit ?? 10),
      period: spanOf(throttle?.periodMs ?? 60_000, "minutes"),
      key: shownKey(throttle?.key),
    },
    retry: {
      on: retryPolicy !== undefined,
      attempts: String(retryPolicy?.maxAttempts ?? 3),
      wait: spanOf(retryPolicy?.waitMs ?? 1000, "seconds"),
      backoff: retryPolicy?.backoff ?? "exponential",
    },
  };
}

/** What is wrong, by the field's place: `throttle.limit`. */
export type SettingsErrors = Readonly<Record<string, string>>;

const DAY = 86_400_000;

/** The settings that a form stands for; those that it knows nothing of stay as they were. */
export function readFields(fields: SettingsFields, before: FlowSettings): { settings: FlowSettings; errors: SettingsErrors } {
  const errors: Record<string, string> = {};
  const whole = (place: string, text: string, min: number, max: number): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < min || value > max) {
      errors[place] = `A whole number from ${min.toLocaleString("en")} to ${max.toLocaleString("en")}.`;
    }
    return value;
  };
  const span = (place: string, { amount, unit }: Span, min: number, max: number): number => {
    const value = Math.round(Number(amount) * UNITS[unit]);
    if (amount.trim() === "" || !(value >= min && value <= max)) errors[place] = `Up to ${Math.floor(max / DAY)} days.`;
    return value;
  };
  const key = (place: string, text: string): { key?: string } => {
    const template = storedKey(text);
    const wrong = template === undefined ? null : checkTemplate(template);
    if (wrong) errors[place] = wrong.message;
    return template === undefined ? {} : { key: template };
  };
  const isEmpty = (text: string) => text.trim() === "";
  const { concurrency, debounce, throttle, retry } = fields;
  const zone = fields.timezone.trim();
  if (zone !== "" && !isZone(zone)) errors.timezone = "No such time zone. Write it like Europe/Berlin.";
  const {
    timezone: _zone,
    maxVisits: _visits,
    timeoutMs: _timeout,
    priority: _priority,
    concurrency: _concurrency,
    debounce: _debounce,
    throttle: _throttle,
    retryPolicy: _retry,
    ...rest
  } = before;
  const settings: FlowSettings = {
    ...rest,
    ...(zone !== "" && { timezone: zone }),
    ...(!isEmpty(fields.maxVisits) && { maxVisits: whole("maxVisits", fields.maxVisits, 1, 1_000_000) }),
    ...(!isEmpty(fields.timeout.amount) && { timeoutMs: span("timeout", fields.timeout, 1, 366 * DAY) }),
    ...(!isEmpty(fields.priority) && { priority: whole("priority", fields.priority, -100, 100) }),
    ...(concurrency.on && {
      concurrency: {
        limit: whole("concurrency.limit", concurrency.limit, 1, 10_000),
        ...key("concurrency.key", concurrency.key),
        overlap: concurrency.overlap,
      },
    }),
    ...(debounce.on && {
      debounce: {
        ms: span("debounce.wait", debounce.wait, 1, 7 * DAY),
        ...(!isEmpty(debounce.most.amount) && { maxMs: span("debounce.most", debounce.most, 1, 7 * DAY) }),
        ...key("debounce.key", debounce.key),
      },
    }),
    ...(throttle.on && {
      throttle: {
        limit: whole("throttle.limit", throttle.limit, 1, 10_000),
        periodMs: span("throttle.period", throttle.period, 1, 7 * DAY),
        ...key("throttle.key", throttle.key),
      },
    }),
    ...(retry.on && {
      retryPolicy: {
        maxAttempts: whole("retry.attempts", retry.attempts, 1, 20),
        waitMs: span("retry.wait", retry.wait, 0, DAY),
        backoff: retry.backoff,
      },
    }),
  };
  return { settings, errors };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
