import type { JsonObject } from "../item";
import { ExpressionError } from "./errors";
import { evaluate } from "./evaluate";
import type { ExpressionScope } from "./scope";
import { toJson } from "./to-json";

export interface ResolveOptions {
  /**
   * Paths (`fields[0].value`, the values below them too) whose text is taken as it is, even with a leading `=`. Asked once
   * per raw object and function: pass the same function each time.
   */
  literal?: (path: string) => boolean;
}

/** What of a value has to be evaluated; null where there is nothing. */
type Plan =
  | { kind: "expression"; template: string; path: string }
  | { kind: "array"; entries: [index: number, plan: Plan][] }
  | { kind: "object"; entries: [key: string, plan: Plan][] };

/** Plans by raw object; the second level by the `literal` function, since it decides what is evaluated. */
const plans = new WeakMap<object, WeakMap<object, { plan: Plan | null }>>();
const NO_LITERALS = {};

/**
 * Parameters with every template evaluated for one item. The result is JSON (dates as ISO text); an expression that gives
 * undefined leaves its key out of an object and null in an array. Returns `raw` itself when it holds no expression, and never changes it.
 * @throws ExpressionError with `field` (the parameter's path) and `itemIndex`.
 */
export function resolveParameters(raw: JsonObject, scope: ExpressionScope, itemIndex: number, options: ResolveOptions = {}): JsonObject {
  const plan = planFor(raw, options.literal);
  return plan === null ? raw : (apply(raw, plan, scope, itemIndex) as JsonObject);
}

function planFor(raw: JsonObject, literal: ResolveOptions["literal"]): Plan | null {
  const key = literal ?? NO_LITERALS;
  let known = plans.get(raw);
  if (!known) {
    known = new WeakMap();
    plans.set(raw, known);
  }
  let entry = known.get(key);
  if (!entry) {
    entry = { plan: makePlan(raw, "", literal) };
    known.set(key, entry);
  }
  return entry.plan;
}

function makePlan(value: unknown, path: string, literal: ResolveOptions["literal"]): Plan | null {
  if (typeof value === "string") {
    return value.startsWith("=") && !literal?.(path) ? { kind: "expression", template: value, path } : null;
  }
  if (typeof value !== "object" || value === null || (path !== "" && literal?.(path))) return null;
  if (Array.isArray(value)) {
    const entries = value.flatMap((entry, index): [number, Plan][] => {
      const plan = makePlan(entry, `${path}[${index}]`, literal);
      return plan ? [[index, plan]] : [];
    });
    return entries.length > 0 ? { kind: "array", entries } : null;
  }
  const entries = Object.entries(value).flatMap(([key, entry]): [string, Plan][] => {
    const plan = makePlan(entry, path === "" ? key : `${path}.${key}`, literal);
    return plan ? [[key, plan]] : [];
  });
  return entries.length > 0 ? { kind: "object", entries } : null;
}

function apply(value: unknown, plan: Plan, scope: ExpressionScope, itemIndex: number): unknown {
  if (plan.kind === "expression") return evaluateField(plan.template, plan.path, scope, itemIndex);
  if (plan.kind === "array") {
    const copy = [...(value as unknown[])];
    for (const [index, entry] of plan.entries) copy[index] = apply(copy[index], entry, scope, itemIndex) ?? null;
    return copy;
  }
  const copy = { ...(value as Record<string, unknown>) };
  for (const [key, entry] of plan.entries) {
    const result = apply(copy[key], entry, scope, itemIndex);
    if (result === undefined) delete copy[key];
    else copy[key] = result;
  }
  return copy;
}

function evaluateField(template: string, path: string, scope: ExpressionScope, itemIndex: number): unknown {
  try {
    return toJson(evaluate(template, scope, itemIndex));
  } catch (error) {
    // Errors of the lineage come from the scope; they are of the same name, not always of the same class.
    if (error instanceof ExpressionError) throw error.at(path, itemIndex);
    throw error;
  }
}
