import { DateTime } from "luxon";
import { ParameterError } from "@/flow/execution/errors";

const UNIT_MS = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
/** What a JavaScript date can hold at most. */
const LAST_INSTANT = 8.64e15;

export interface WaitLimit {
  limitWait: boolean;
  limitType: "interval" | "time";
  limitAmount: number;
  limitUnit: keyof typeof UNIT_MS;
  limitDateTime: string;
}

/** Until when a wait lasts at most (ISO 8601); undefined for one without a limit. */
export function limitOf(parameters: WaitLimit, timezone: string): string | undefined {
  if (!parameters.limitWait) return undefined;
  return parameters.limitType === "interval"
    ? after(parameters.limitAmount, parameters.limitUnit, "limitAmount")
    : at(parameters.limitDateTime, "limitDateTime", timezone);
}

export function after(amount: number, unit: keyof typeof UNIT_MS, field: string): string {
  const instant = Date.now() + amount * UNIT_MS[unit];
  if (instant > LAST_INSTANT) throw new ParameterError(field, `${amount} ${unit} is longer than can be counted`);
  return new Date(instant).toISOString();
}

export function at(text: string, field: string, timezone: string): string {
  const trimmed = text.trim();
  const time = [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822]
    .map((parse) => parse(trimmed, { zone: timezone }))
    .find((parsed) => parsed.isValid);
  if (!time) {
    throw new ParameterError(
      field,
      trimmed === "" ? "is empty: say when to go on" : `"${trimmed.slice(0, 100)}" is not a date and time, like 2026-12-24T18:00:00`,
    );
  }
  return time.toJSDate().toISOString();
}
