import { DateTime } from "luxon";

export type ConditionType = "string" | "number" | "dateTime" | "boolean" | "array" | "object";

export type Operand = { ok: true; value: unknown } | { ok: false; reason: string };

const valid = (value: unknown): Operand => ({ ok: true, value });

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
const bareKind = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

const shown = (value: unknown): string => {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const WANTED: Record<ConditionType, string> = {
  string: "a string",
  number: "a number",
  dateTime: "a date",
  boolean: "a boolean",
  array: "an array",
  object: "an object",
};

/**
 * A condition's operand as the type that its operator works with. Null, undefined and operands of type `any` stay as they are.
 * Strict: only values of the type itself (dates: also text that is a date). Loose: what can be converted is.
 */
export function convertOperand(value: unknown, type: ConditionType | "any", strict: boolean, timezone?: () => string): Operand {
  if (type === "any" || value === null || value === undefined) return valid(value);
  const is = isOfType(value, type);
  if (is) return valid(value);
  const converted = type === "dateTime" ? toDate(value, timezone) : strict ? undefined : LOOSE[type](value);
  if (converted !== undefined) return valid(converted);
  return {
    ok: false,
    reason:
      strict && type !== "dateTime"
        ? `Wrong type: '${shown(value)}' is ${kindOf(value)} but was expecting ${WANTED[type]}`
        : `Conversion error: the ${bareKind(value)} '${shown(value)}' can't be converted to ${WANTED[type]}`,
  };
}

function isOfType(value: unknown, type: ConditionType): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
    case "number":
      return typeof value === "number";
    case "dateTime":
      return value instanceof DateTime && value.isValid;
    default:
      return typeof value === type;
  }
}

const parsed = (value: unknown): unknown => {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

const LOOSE: Record<Exclude<ConditionType, "dateTime">, (value: unknown) => unknown> = {
  string: (value) => (typeof value === "object" ? JSON.stringify(value) : String(value)),
  number: (value) => {
    const number = typeof value === "object" ? Number.NaN : Number(value);
    return Number.isNaN(number) ? undefined : number;
  },
  // Loose truth never fails: what isn't spelled as one counts by being there.
  boolean: (value) => {
    const text = String(value).trim().toLowerCase();
    if (text === "true" || text === "false") return text === "true";
    const number = Number(value);
    return number === 0 ? false : number === 1 ? true : Boolean(value);
  },
  array: (value) => {
    const list = parsed(value);
    return Array.isArray(list) ? list : undefined;
  },
  object: (value) => {
    const object = parsed(value);
    return typeof object === "object" && object !== null && !Array.isArray(object) ? object : undefined;
  },
};

function toDate(value: unknown, timezone?: () => string): DateTime | undefined {
  if (value instanceof Date) return validDate(DateTime.fromJSDate(value));
  if (typeof value === "number") return validDate(DateTime.fromMillis(value));
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const options = { zone: timezone?.() ?? "utc" };
  for (const parse of [DateTime.fromISO, DateTime.fromRFC2822, DateTime.fromHTTP, DateTime.fromSQL]) {
    const date = validDate(parse(text, options));
    if (date) return date;
  }
  const native = Date.parse(text);
  return text === "" || Number.isNaN(native) ? undefined : DateTime.fromMillis(native);
}

const validDate = (date: DateTime): DateTime | undefined => (date.isValid ? date : undefined);
