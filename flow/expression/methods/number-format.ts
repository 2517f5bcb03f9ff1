import { step } from "../budget";
import { locales, options } from "./table";

/** Numbers and dates look the same on every machine: English where no locale is named. */
export const DEFAULT_LOCALE = "en-US";

const MAX_CACHED = 200;
const formats = new Map<string, Intl.NumberFormat>();

/** A number as text of a locale. Making a format costs a hundred times as much as using it. */
export function formatNumber(number: number | bigint, locale: unknown, settings: unknown): string {
  const tag = locales(locale, DEFAULT_LOCALE);
  const chosen = options(settings);
  const key = `${JSON.stringify(tag)}${chosen ? JSON.stringify(chosen, (_, value) => (typeof value === "bigint" ? String(value) : value)) : ""}`;
  let format = formats.get(key);
  if (!format) {
    step(100);
    format = new Intl.NumberFormat(tag, chosen);
    if (formats.size >= MAX_CACHED) formats.clear();
    formats.set(key, format);
  }
  step(5);
  return format.format(number);
}
