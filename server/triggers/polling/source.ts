import { createHash } from "node:crypto";
import { Allowance } from "@/flow/expression/allowance";
import { resolveParameters } from "@/flow/expression/resolve";
import type { ExpressionScope } from "@/flow/expression/scope";
import type { Graph, GraphNode } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import type { AnyNodeDefinition } from "@/flow/node/define-node";
import { literalPaths } from "@/flow/node/literal-paths";
import { parseParameters } from "@/flow/node/parameters";
import { DEFAULT_TIMEZONE } from "../slots";

interface Place {
  graph: Graph;
  node: GraphNode;
  definition: AnyNodeDefinition;
  flow: { id: string; name: string };
  /** What expressions see as `$env`. */
  env: Readonly<Record<string, string>>;
}

/** What expressions of a trigger can read before anything has come. */
const scopeOf = ({ graph, node, flow, env }: Place, now: number): ExpressionScope => ({
  items: [],
  inputs: [[]],
  runIndex: 0,
  node: () => undefined,
  nodeNames: [],
  previousNode: null,
  parameters: (node.imported ?? node).parameters,
  variables: graph.variables,
  workflow: { ...flow, active: true },
  execution: { id: "", mode: "production", resumeUrl: "" },
  env,
  vars: {},
  trigger: {},
  now,
  timezone: graph.settings.timezone ?? DEFAULT_TIMEZONE,
  allowance: new Allowance(),
});

/** Parameters of a polling trigger at an instant, checked. @throws ParameterError, ExpressionError */
export function pollParameters(place: Place, now: number): JsonObject {
  const { definition, node } = place;
  const resolved = resolveParameters(node.parameters, scopeOf(place, now), 0, { literal: literalPaths(definition) });
  return parseParameters(definition, resolved, undefined, node.parameters) as JsonObject;
}

/**
 * Hash of what a trigger watches, and as whom. Expressions count with what they give, at an instant that never changes: a time in an
 * address makes no other source of it.
 */
export function pollSource(place: Place): string {
  const { node, definition } = place;
  const parameters = pollParameters(place, 0);
  const watched = (definition.watches ?? []).map((name) => [name, parameters[name] ?? null]);
  const accounts = Object.entries(node.credentials ?? {}).map(([slot, { id }]) => [slot, id ?? null]);
  return createHash("sha256")
    .update(canonical([node.type, watched, accounts.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))]))
    .digest("hex");
}

/** The same text for the same value, in whichever order its keys are. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
