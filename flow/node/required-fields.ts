import type { z } from "zod";
import { isExpression } from "../expression/template";
import type { AnyNodeDefinition, FieldHints } from "./define-node";

interface SchemaDef {
  type: string;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
  defaultValue?: unknown;
}

type Path = readonly PropertyKey[];

const defOf = (schema: z.core.$ZodType): SchemaDef => schema._zod.def as SchemaDef;
const hintsOf = (schema: z.core.$ZodType): FieldHints | undefined => (schema as z.ZodType).meta()?.ui as FieldHints | undefined;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && (value.trim() === "" || value.trim() === "=")) ||
  (Array.isArray(value) && value.length === 0);

/** What applies: what is set, else the schema's default. */
function effective(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (value !== undefined || !schema) return value;
  const def = defOf(schema);
  if (def.defaultValue !== undefined) return def.defaultValue;
  return def.innerType ? effective(def.innerType, value) : undefined;
}

/** A sibling that is an expression decides only once it runs: until then nothing is asked. */
const isShown = (hints: FieldHints, shape: Record<string, z.core.$ZodType>, values: Record<string, unknown>): boolean =>
  Object.entries(hints.showIf ?? {}).every(([name, wanted]) => {
    const value = effective(shape[name], values[name]);
    return wanted.some((candidate) => candidate === value);
  });

function collect(schema: z.core.$ZodType, value: unknown, path: Path, found: Path[]): void {
  const def = defOf(schema);
  if (def.innerType) {
    collect(def.innerType, effective(schema, value), path, found);
    return;
  }
  if (isExpression(value)) return;
  if (def.element && Array.isArray(value)) {
    for (const [index, entry] of value.entries()) collect(def.element, entry, [...path, index], found);
  }
  if (!def.shape || !isRecord(value)) return;
  for (const [name, child] of Object.entries(def.shape)) {
    const hints = hintsOf(child);
    if (hints && !isShown(hints, def.shape, value)) continue;
    const given = effective(child, value[name]);
    if (hints?.required && isEmpty(given)) found.push([...path, name]);
    else collect(child, given, [...path, name], found);
  }
}

/** Paths of parameters that are marked as required, are shown, and are empty. */
export function emptyRequiredFields(definition: AnyNodeDefinition, raw: unknown): Path[] {
  const found: Path[] = [];
  collect(definition.parameters, raw, [], found);
  return found;
}
