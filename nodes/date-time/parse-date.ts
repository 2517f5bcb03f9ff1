import { DateTime } from "luxon";
import { ParameterError } from "@/flow/execution/errors";

export interface DatePlace {
  /** Parameter that holds the date. */
  field: string;
  itemIndex: number;
  /** IANA zone of dates that name none. */
  zone: string;
}

/** Digits of a count of seconds; longer ones count milliseconds. */
const SECONDS = /^-?\d{1,10}$/;

/**
 * A date as people write them: ISO 8601, RFC 2822, HTTP, SQL, what JavaScript reads, or a count of seconds or milliseconds
 * since 1970. It keeps the zone that it names.
 * @throws ParameterError for what is no date.
 */
export function parseDate(value: unknown, place: DatePlace, format = ""): DateTime {
  const options = { zone: place.zone, setZone: true };
  const text = String(value ?? "").trim();
  if (text === "" || (typeof value === "object" && value !== null)) {
    throw new ParameterError(
      place.field,
      text === "" ? "is empty: give a date" : `expected a date, got ${JSON.stringify(value)}`,
      place.itemIndex,
    );
  }
  if (format !== "") {
    const date = DateTime.fromFormat(text, format, options);
    if (date.isValid) return date;
    throw new ParameterError(place.field, `'${text.slice(0, 60)}' is not in the format '${format}'`, place.itemIndex);
  }
  const date = fromNumber(text, place.zone) ?? fromStandard(text, options) ?? fromNative(text, place.zone);
  if (date) return date;
  throw new ParameterError(place.field, `'${text.slice(0, 60)}' is not a date that is recognised`, place.itemIndex);
}

function fromNumber(text: string, zone: string): DateTime | undefined {
  if (!/^-?\d{5,}(\.\d+)?$/.test(text)) return undefined;
  const date = SECONDS.test(text) ? DateTime.fromSeconds(Number(text), { zone }) : DateTime.fromMillis(Number(text), { zone });
  return date.isValid ? date : undefined;
}

function fromStandard(text: string, options: { zone: string; setZone: boolean }): DateTime | undefined {
  for (const parse of [DateTime.fromISO, DateTime.fromRFC2822, DateTime.fromHTTP, DateTime.fromSQL]) {
    const date: DateTime = parse(text, options);
    if (date.isValid) return date;
  }
  return undefined;
}

/** JavaScript's own reading. Where the text names no zone, it means the flow's, not the server's. */
function fromNative(text: string, zone: string): DateTime | undefined {
  const named = /(?:\b(?:GMT|UTC)|Z|[+-]\d\d:?\d\d)(?:\s*\(.*\))?$/i.test(text);
  const time = Date.parse(named ? text : `${text} UTC`);
  if (Number.isNaN(time)) return undefined;
  return named ? DateTime.fromMillis(time, { zone }) : DateTime.fromMillis(time, { zone: "utc" }).setZone(zone, { keepLocalTime: true });
}
