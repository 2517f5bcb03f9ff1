import type { Graph } from "@/flow/graph/schema";

/** Whether two values of JSON are the same, whatever the order of their keys; an absent key and an undefined one are alike. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) if (!sameJson(left[key], right[key])) return false;
  return true;
}

export const sameGraph = (a: Graph, b: Graph): boolean => sameJson(a, b);
