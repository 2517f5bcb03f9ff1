import { z } from "zod";
import { type Issue, ServiceError } from "./errors";

const MAX_DEPTH = 200;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

const formatPath = (path: readonly PropertyKey[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("");

const invalid = (issues: Issue[]): ServiceError =>
  new ServiceError("invalid", issues.map((issue) => (issue.field ? `${issue.field}: ${issue.message}` : issue.message)).join("; "), {
    issues,
  });

/**
 * Second line of every verb: the input's shape.
 * @throws ServiceError `invalid` with one issue a field.
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  if (isTooDeep(input)) throw invalid([{ field: "", message: `nested more than ${MAX_DEPTH} levels deep`, code: "too_deep" }]);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.slice(0, 50).map((issue) => ({
      field: formatPath(issue.path),
      message: reasonOf(issue, valueAt(input, issue.path)),
      code: issue.code,
    })),
  );
}

const KINDS: Record<string, string> = { array: "a list", object: "an object", record: "an object", int: "a whole number" };

/** Zod's messages name types as programs do; those of fields that are missing or of another type are put in words. */
function reasonOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_type") return issue.message;
  if (value === undefined) return "is missing";
  return `must be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    input,
  );

/**
 * Whether a value is nested deeper than anything that people write. Breadth first on a list of our own: schemas and serializers
 * recurse, and input must not be able to exhaust the stack.
 */
export function isTooDeep(input: unknown): boolean {
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const child of Array.isArray(value) ? value : Object.values(value)) {
        if (typeof child === "object" && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}

const isStorableText = (text: string): boolean => !text.includes("\u0000") && !LONE_SURROGATE.test(text);

/** Path of the first text, key or value, that the database's `jsonb` refuses; null when all is well. */
function unstorablePath(value: unknown): PropertyKey[] | null {
  if (typeof value === "string") return isStorableText(value) ? null : [];
  if (typeof value !== "object" || value === null) return null;
  const entries: Iterable<[PropertyKey, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, child] of entries) {
    if (typeof key === "string" && !isStorableText(key)) return [];
    const rest = unstorablePath(child);
    if (rest) return [key, ...rest];
  }
  return null;
}

/** A schema whose value goes into a `jsonb` column: refuses the characters that the column cannot hold, and says where they are. */
export const storable = <S extends z.ZodType>(schema: S): S =>
  schema.superRefine((value, context) => {
    const path = unstorablePath(value);
    if (path)
      context.addIssue({ code: "custom", path, message: "contains a NUL character or half of a surrogate pair, which cannot be stored" });
  });

/** One line that a person reads: a name, a label. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must be at most ${max} characters long`)
    .refine(isStorableText, "contains characters that cannot be stored");

/** Text of several lines that a person reads or wrote: a description, a comment. */
export const text = (max: number) =>
  z.string().trim().max(max, `must be at most ${max} characters long`).refine(isStorableText, "contains characters that cannot be stored");

/** An instant in ISO 8601 of a year that the database, too, knows how to read. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .transform((written) => new Date(written))
  .refine((instant) => instant.getTime() >= 0 && instant.getUTCFullYear() <= 9999, "must be in the years from 1970 to 9999");

/** An id as it comes from outside. Its form is not checked: what does not exist is simply not found. */
export const idSchema = z.string().min(1).max(200).refine(isStorableText, "is not an id");
