import type { z } from "zod";
import type { AnyNodeDefinition, FieldHints } from "./define-node";

interface Literals {
  paths: ReadonlySet<string>;
  test: (path: string) => boolean;
}

const known = new WeakMap<AnyNodeDefinition, Literals>();

/**
 * Tells which parameters of a definition are taken as they are (`ui.expression: false`): code, for example. The same function
 * for the same definition, so that callers may key caches by it.
 */
export function literalPaths(definition: AnyNodeDefinition): (path: string) => boolean {
  let literals = known.get(definition);
  if (!literals) {
    const paths = new Set<string>();
    collect(definition.parameters, "", paths);
    literals = { paths, test: (path) => covers(paths, path) };
    known.set(definition, literals);
  }
  return literals.test;
}

/** Whether the parameter at `path` (`rules[0].name`), or one that it is in, takes no expressions. */
export const isLiteral = (definition: AnyNodeDefinition, path: string): boolean => literalPaths(definition)(path);

function covers(paths: ReadonlySet<string>, path: string): boolean {
  if (paths.size === 0) return false;
  const pattern = path.replace(/\[\d+\]/g, "[]");
  for (const literal of paths) {
    if (pattern === literal || pattern.startsWith(`${literal}.`) || pattern.startsWith(`${literal}[`)) return true;
  }
  return false;
}

interface SchemaDef {
  type: string;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
}

function collect(schema: z.core.$ZodType, path: string, paths: Set<string>): void {
  const hints = (schema as z.ZodType).meta()?.ui as FieldHints | undefined;
  if (hints?.expression === false && path !== "") {
    paths.add(path);
    return;
  }
  const def = schema._zod.def as SchemaDef;
  if (def.innerType) collect(def.innerType, path, paths);
  if (def.element) collect(def.element, `${path}[]`, paths);
  for (const [key, child] of Object.entries(def.shape ?? {})) collect(child, path === "" ? key : `${path}.${key}`, paths);
}
