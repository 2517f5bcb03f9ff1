import { toJson } from "@/flow/expression/to-json";

const MAX = 600;

/** A value as one line under a field. */
export function shownValue(value: unknown): { text: string; isEmpty: boolean } {
  if (value === undefined) return { text: "undefined", isEmpty: true };
  if (value === null) return { text: "null", isEmpty: true };
  if (value === "") return { text: "empty text", isEmpty: true };
  const text = typeof value === "string" ? value : (JSON.stringify(toJson(value)) ?? String(value));
  return { text: text.length > MAX ? `${text.slice(0, MAX)}…` : text, isEmpty: false };
}
