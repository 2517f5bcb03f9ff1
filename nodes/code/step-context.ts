import { toJson } from "@/flow/expression/to-json";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeContext, SandboxLanguage, ScopeData } from "@/flow/node/context";

type Context = Pick<NodeContext, "evaluate" | "execution" | "node" | "items">;

/** Go and Rust have nothing else that they could read. */
export const readsContext = (source: string, language: SandboxLanguage): boolean =>
  language === "go" || language === "rust" || /\bcontext\b/.test(source);

/** Names of the nodes that have run. */
export function stepNames(context: Context): string[] {
  const names = toJson(context.evaluate("={{ Object.keys(steps) }}", 0));
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
}

/** A step that returned no object has it under `output`. */
const outputOf = (json: JsonObject | undefined): Json =>
  json && Object.keys(json).join() === "output" ? (json.output ?? null) : (json ?? null);

/**
 * What code of every language reads as `context`: what the execution was started with, what earlier steps gave, and where it is.
 * The functions of `context.utils` are made where the code runs.
 */
export async function stepContext(context: Context, scope: ScopeData, names: readonly string[]): Promise<JsonObject> {
  const trigger = toJson(context.evaluate("={{ trigger }}", 0));
  const { execution } = context;
  return {
    variables: { ...scope.variables, ...(typeof trigger === "object" && !Array.isArray(trigger) ? trigger : {}) },
    stepOutputs: Object.fromEntries(
      names.filter((name) => scope.nodes[name]).map((name) => [name, outputOf(scope.nodes[name]?.items[0]?.json)]),
    ),
    meta: {
      orgId: execution.organizationId,
      userId: (await execution.startedBy?.()) ?? null,
      flowId: execution.flowId,
      stepId: context.node.name,
      executionId: execution.id,
      timestamp: scope.now,
    },
  };
}

/** Go and Rust get plain data: the context, with the items in it. */
export function compiledGlobals(context: Context, mode: "allItems" | "eachItem", surroundings: JsonObject | null): JsonObject {
  const items = context.items.map(({ json }) => json);
  return { context: { ...surroundings, items, item: items[0] ?? null, itemIndex: 0 }, items, each: mode === "eachItem" };
}
