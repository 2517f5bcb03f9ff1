const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago `at` was, or how soon it is, short enough for a list; from a week on it is a date.
 * `validForMs` tells when the text will read differently.
 */
export function relative(at: number, now: number): { text: string; validForMs: number } {
  const distance = now - at;
  const size = Math.abs(distance);
  if (size < 5 * SECOND) return { text: "now", validForMs: 5 * SECOND - distance };
  if (size >= 7 * DAY) return { text: date(at, now), validForMs: DAY };
  const unit = size < MINUTE ? SECOND : size < HOUR ? MINUTE : size < DAY ? HOUR : DAY;
  const count = Math.floor(size / unit);
  const letter = unit === SECOND ? "s" : unit === MINUTE ? "m" : unit === HOUR ? "h" : "d";
  return distance > 0
    ? { text: `${count}${letter} ago`, validForMs: unit - (size % unit) }
    : { text: `in ${count}${letter}`, validForMs: (size % unit) + 1 };
}

function date(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString("en", { month: "short", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) });
}
