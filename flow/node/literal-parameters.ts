import { z } from "zod";
import type { AnyNodeDefinition, FieldHints } from "./define-node";

type Schema = { ui?: FieldHints; properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[]; oneOf?: Schema[] };

const cache = new WeakMap<AnyNodeDefinition, (path: string) => boolean>();

function collect(schema: Schema, path: string, found: Set<string>): void {
  if (schema.ui?.expression === false) found.add(path);
  for (const [key, property] of Object.entries(schema.properties ?? {})) collect(property, path === "" ? key : `${path}.${key}`, found);
  if (schema.items) collect(schema.items, `${path}[]`, found);
  for (const variant of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) collect(variant, path, found);
}

/** Tells, by path (`rules[2].code`), the parameters that are taken as they are: a leading `=` in them is just a character. */
export function literalParameters(definition: AnyNodeDefinition): (path: string) => boolean {
  const known = cache.get(definition);
  if (known) return known;
  const found = new Set<string>();
  collect(z.toJSONSchema(definition.parameters, { io: "input", unrepresentable: "any" }) as Schema, "", found);
  const isLiteral = (path: string): boolean => found.size > 0 && found.has(path.replace(/\[\d+\]/g, "[]"));
  cache.set(definition, isLiteral);
  return isLiteral;
}
