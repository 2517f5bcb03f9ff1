import type { Json } from "@/flow/item";

/** Same text for equal values, whatever the order of their keys. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Loose: numbers and truth values equal their text, and null, missing and empty text are the same. */
export function looseCanonical(value: Json | undefined): string {
  if (value === null || value === undefined) return '""';
  return typeof value === "object" ? canonical(value) : JSON.stringify(String(value));
}
