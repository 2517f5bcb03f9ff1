import { z } from "zod";
import type { GraphNode } from "../graph/schema";
import type { JsonObject } from "../item";
import type { AnyNodeDefinition } from "./define-node";

const defaults = new WeakMap<AnyNodeDefinition, JsonObject>();
const given = new WeakMap<GraphNode, JsonObject>();

/** What a node has that nobody has filled in. */
function defaultsOf(definition: AnyNodeDefinition): JsonObject {
  const known = defaults.get(definition);
  if (known) return known;
  const parsed = definition.parameters.safeParse({});
  const made = parsed.success ? (parsed.data as JsonObject) : {};
  defaults.set(definition, made);
  return made;
}

/** Whether a field's values are words of ours, which another product has others for. */
function isChoice(definition: AnyNodeDefinition, name: string): boolean {
  let field: unknown = definition.parameters.shape[name];
  while (field instanceof z.ZodDefault || field instanceof z.ZodOptional) field = field.unwrap();
  return field instanceof z.ZodEnum;
}

/**
 * A node's parameters as expressions read them (`$parameter`, `$('Name').params`): unresolved, with the defaults of those that are
 * left out. Of an imported node they are those that it was imported with; for what was left out there, texts, numbers and truth
 * values of the same name here stand in. Worked out when somebody reads them, once for a node.
 */
export function givenParameters(definition: AnyNodeDefinition | undefined, node: GraphNode): JsonObject {
  const known = given.get(node);
  if (known) return known;
  const made = definition ? filledIn(definition, node) : (node.imported ?? node).parameters;
  given.set(node, made);
  return made;
}

function filledIn(definition: AnyNodeDefinition, { parameters, imported }: GraphNode): JsonObject {
  const whole = { ...defaultsOf(definition), ...parameters };
  if (!imported) return whole;
  const same = Object.entries(whole).filter(([name, value]) => value !== null && typeof value !== "object" && !isChoice(definition, name));
  return { ...Object.fromEntries(same), ...imported.parameters };
}
