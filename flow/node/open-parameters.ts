import type { z } from "zod";
import { isExpression } from "../expression/template";
import type { JsonObject } from "../item";
import type { AnyNodeDefinition } from "./define-node";
import { literalPaths } from "./literal-paths";

interface SchemaDef {
  type: string;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
  checks?: { _zod: { def: { check: string } } }[];
}

const known = new WeakMap<object, JsonObject | null>();

/**
 * Parameters that were checked with their expressions still in them, where every expression stands at a place that takes any
 * value (`z.unknown().optional()`): whatever they give, the check would say the same, so that it is made once and not once an
 * item. Null where the values have to be checked, or where there are no expressions. Treat as immutable.
 *
 * @param raw The same object each time: the answer is remembered by it.
 */
export function openParameters(definition: AnyNodeDefinition, raw: JsonObject): JsonObject | null {
  let open = known.get(raw);
  if (open === undefined) {
    open = findOpen(definition, raw);
    known.set(raw, open);
  }
  return open;
}

function findOpen(definition: AnyNodeDefinition, raw: JsonObject): JsonObject | null {
  const literal = literalPaths(definition);
  const count = openExpressions(definition.parameters, raw, "", literal);
  if (count === 0 || count === null) return null;
  const parsed = definition.parameters.safeParse(raw);
  if (!parsed.success) return null;
  // A default that looks like an expression is none.
  return openExpressions(definition.parameters, parsed.data, "", literal) === count ? (parsed.data as JsonObject) : null;
}

/** How many expressions there are, all of them at open places; null when one is elsewhere. */
function openExpressions(schema: z.core.$ZodType, value: unknown, path: string, literal: (path: string) => boolean): number | null {
  if (!holdsExpression(value, path, literal)) return 0;
  const def = schema._zod.def as SchemaDef;
  const inner = def.innerType;
  if (inner && def.type === "optional" && (inner._zod.def as SchemaDef).type === "unknown") return isExpression(value) ? 1 : null;
  if (inner && ["optional", "default", "prefault"].includes(def.type)) return openExpressions(inner, value, path, literal);
  if (def.type === "object" && !def.checks?.length && isObject(value)) {
    return sum(
      Object.entries(value).map(([key, entry]) => {
        const child = def.shape?.[key];
        const at = path === "" ? key : `${path}.${key}`;
        if (!child) return holdsExpression(entry, at, literal) ? null : 0;
        return openExpressions(child, entry, at, literal);
      }),
    );
  }
  if (def.type === "array" && def.element && Array.isArray(value) && (def.checks ?? []).every(isOfLength)) {
    const { element } = def;
    return sum(value.map((entry, index) => openExpressions(element, entry, `${path}[${index}]`, literal)));
  }
  return null;
}

const isOfLength = (check: { _zod: { def: { check: string } } }): boolean => /length/.test(check._zod.def.check);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const sum = (counts: (number | null)[]): number | null => counts.reduce((a, b) => (a === null || b === null ? null : a + b), 0);

function holdsExpression(value: unknown, path: string, literal: (path: string) => boolean): boolean {
  if (path !== "" && literal(path)) return false;
  if (typeof value === "string") return isExpression(value);
  if (Array.isArray(value)) return value.some((entry, index) => holdsExpression(entry, `${path}[${index}]`, literal));
  return (
    isObject(value) && Object.entries(value).some(([key, entry]) => holdsExpression(entry, path === "" ? key : `${path}.${key}`, literal))
  );
}
