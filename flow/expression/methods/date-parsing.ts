import { DateTime } from "luxon";
import { enterFlowTime } from "../run";
import { describeValue, toText } from "../values";
import { badArgument } from "./extension";

const MILLISECONDS_PER_DAY = 86_400_000;
/** 1970-01-01 in Excel's count of days. */
const EXCEL_EPOCH = 25_569;

const FROM_NUMBER = new Map<string, (value: number) => number>([
  ["ms", (value) => value],
  ["s", (value) => value * 1000],
  ["us", (value) => value / 1000],
  ["excel", (value) => (value - EXCEL_EPOCH) * MILLISECONDS_PER_DAY],
]);

/** A count of `ms`, `s`, `us` since 1970 or of `excel` days as a DateTime in the flow's zone. */
export function numberToDateTime(value: number, format: unknown = "ms"): DateTime {
  enterFlowTime();
  const convert = FROM_NUMBER.get(toText(format));
  if (!convert) throw badArgument("toDateTime", `unsupported format "${toText(format)}"; use ms, s, us or excel`);
  const result = DateTime.fromMillis(convert(value));
  if (!result.isValid) throw badArgument("toDateTime", `${value} is no date`);
  return result;
}

/**
 * A text as a DateTime: ISO 8601, HTTP, RFC 2822, SQL, a count of milliseconds, or as `format` says (luxon's tokens).
 * A zone in the text is kept; without one it is the flow's.
 */
export function parseDateTime(text: string, format?: unknown): DateTime {
  enterFlowTime();
  const trimmed = text.trim();
  if (typeof format === "string" && !FROM_NUMBER.has(format)) {
    const parsed = DateTime.fromFormat(trimmed, format, { setZone: true });
    if (!parsed.isValid) throw badArgument("toDateTime", `"${trimmed.slice(0, 50)}" is not in the format "${format}"`);
    return parsed;
  }
  const found = FROM_NUMBER.has(String(format)) ? undefined : fromStandard(trimmed);
  if (found) return found;
  if (trimmed !== "" && Number.isFinite(Number(trimmed))) return numberToDateTime(Number(trimmed), format);
  throw badArgument("toDateTime", `cannot convert "${trimmed.slice(0, 50)}" to a DateTime; use DateTime.fromFormat() for other formats`);
}

function fromStandard(text: string): DateTime | undefined {
  for (const parse of [DateTime.fromISO, DateTime.fromHTTP, DateTime.fromRFC2822, DateTime.fromSQL]) {
    const result: DateTime = parse(text, { setZone: true });
    if (result.isValid) return result;
  }
  return undefined;
}

/** A moment given as an argument: DateTime, Date, text or milliseconds. */
export function toMoment(value: unknown, method: string): DateTime {
  enterFlowTime();
  if (value instanceof DateTime) return value;
  if (value instanceof Date) return DateTime.fromJSDate(value);
  if (typeof value === "number") return DateTime.fromMillis(value);
  if (typeof value === "string") return parseDateTime(value);
  throw badArgument(method, `expected a date, got ${describeValue(value)}`);
}
