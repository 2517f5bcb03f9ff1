import { toJson } from "@/flow/expression/to-json";
import type { Json } from "@/flow/item";
import type { Assignment } from "./definition";

/** JSON, and what people write in its place: single quotation marks, and names of fields without any. */
const parsed = (text: string): unknown => {
  for (const attempt of [text, text.replaceAll("'", '"').replace(/([{,]\s*)([A-Za-z_$][\w$]*)(\s*:)/g, '$1"$2"$3')]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next reading may fit.
    }
  }
  return undefined;
};

const EXPECTED: Record<Assignment["type"], string> = {
  string: "a string",
  number: "a number",
  boolean: "a boolean",
  array: "an array",
  object: "an object",
  any: "a value",
};

/**
 * A field's value as its declared type; nothing stays null.
 * @throws Error in n8n's words when it can't be converted.
 */
export function convertValue(value: unknown, type: Assignment["type"], name: string): Json {
  if (value === undefined || value === null) return null;
  const converted = CONVERT[type](value);
  if (converted !== undefined) return converted as Json;
  const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
  throw new Error(`'${name}' expects ${EXPECTED[type]} but we got '${shown.length > 100 ? `${shown.slice(0, 100)}…` : shown}'`);
}

const CONVERT: Record<Assignment["type"], (value: unknown) => unknown> = {
  any: (value) => toJson(value),
  string: (value) => (typeof value === "object" ? JSON.stringify(value) : String(value)),
  number: (value) => {
    const number = typeof value === "object" ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : undefined;
  },
  boolean: (value) => {
    if (typeof value === "boolean") return value;
    if (typeof value === "string" && /^\s*(true|false)\s*$/i.test(value)) return value.trim().toLowerCase() === "true";
    const number = typeof value === "object" ? Number.NaN : Number(value);
    return number === 0 ? false : number === 1 ? true : undefined;
  },
  array: (value) => {
    const list = typeof value === "string" ? parsed(value) : value;
    return Array.isArray(list) ? list : undefined;
  },
  object: (value) => {
    const object = typeof value === "string" ? parsed(value) : value;
    return typeof object === "object" && object !== null && !Array.isArray(object) ? object : undefined;
  },
};
