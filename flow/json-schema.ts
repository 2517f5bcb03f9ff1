import { z } from "zod";
import type { Json, JsonObject } from "./item";

interface Fault {
  path: PropertyKey[];
  message: string;
}

/**
 * `value` itself where it is JSON, a copy without them where it holds keys that are called `__proto__`: an assignment somewhere
 * would take such a key for the prototype. `fault` tells of the first thing that is no JSON.
 */
function read(value: unknown, path: PropertyKey[], fault: { first: Fault | null }): Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    let copy: Json[] | null = null;
    for (let index = 0; index < value.length; index++) {
      const entry: unknown = value[index];
      if (isHarmless(entry)) continue;
      path.push(index);
      const kept = read(entry, path, fault);
      path.pop();
      if (fault.first) return null;
      if (kept === entry) continue;
      copy ??= [...(value as Json[])];
      copy[index] = kept;
    }
    return copy ?? (value as Json[]);
  }
  if (typeof value !== "object") {
    fault.first = { path: [...path], message: "is not JSON" };
    return null;
  }
  let copy: JsonObject | null = null;
  for (const key of Object.keys(value)) {
    const entry = (value as Record<string, unknown>)[key];
    if (key === "__proto__") {
      const { [key]: _, ...rest } = copy ?? (value as JsonObject);
      copy = rest;
      continue;
    }
    if (isHarmless(entry)) continue;
    path.push(key);
    const kept = read(entry, path, fault);
    path.pop();
    if (fault.first) return null;
    if (kept === entry) continue;
    copy ??= { ...(value as JsonObject) };
    copy[key] = kept;
  }
  return copy ?? (value as JsonObject);
}

const isHarmless = (value: unknown): boolean => typeof value === "string" || typeof value === "boolean" || value === null;

/**
 * Any JSON object, in one walk and without a copy: `z.json()` tries a union of schemas for every value, and makes a new one of
 * each, which millions of small values in one body turn into minutes and gigabytes. Keys called `__proto__` are left out.
 * Recursive, so check the depth of what strangers send before.
 */
export const jsonObjectSchema: z.ZodType<JsonObject, JsonObject> = z.custom<JsonObject>().transform((value: unknown, context) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    context.addIssue({ code: "invalid_type", expected: "object", input: value });
    return z.NEVER;
  }
  const fault: { first: Fault | null } = { first: null };
  const kept = read(value, [], fault);
  if (!fault.first) return kept as JsonObject;
  context.addIssue({ code: "custom", ...fault.first, input: value });
  return z.NEVER;
}) as unknown as z.ZodType<JsonObject, JsonObject>;
