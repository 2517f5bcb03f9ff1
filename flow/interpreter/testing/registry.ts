import { z } from "zod";
import type { Graph, GraphNode } from "../../graph/schema";
import { graphSchema } from "../../graph/schema";
import type { Item, JsonObject } from "../../item";
import type { NodeExecutor } from "../../node/context";
import { type AnyNodeDefinition, defineNode } from "../../node/define-node";
import type { NodeRegistry } from "../../node/registry";

const main = [{ name: "main" }];
const anything = z.looseObject({});

const define = (type: string, over: Partial<AnyNodeDefinition> = {}): AnyNodeDefinition =>
  defineNode({
    type,
    version: 1,
    name: type,
    description: "",
    category: "data",
    icon: "box",
    parameters: anything,
    inputs: main,
    outputs: main,
    effect: "pure",
    ...over,
  });

const definitions: AnyNodeDefinition[] = [
  define("start", { trigger: "manual", inputs: [] }),
  /** Adds `by: <node's name>` and everything of `set`, item by item. */
  define("mark"),
  /** Sends items with an even `n` out of `even`, the others out of `odd`. */
  define("split", { outputs: [{ name: "even" }, { name: "odd" }] }),
  define("merge", { inputs: [{ name: "a" }, { name: "b" }] }),
  /** Gives its items back out of `again` until `times` runs are over, then out of `done`. */
  define("loop", { outputs: [{ name: "done" }, { name: "again" }] }),
  define("drop"),
  /** Does something outside that must not be done twice: adds its idempotency keys to `posted`. */
  define("post", { effect: "write" }),
  define("fail"),
  define("sleep"),
  define("ask"),
];

/** What nodes of the type `post` did. */
export const posted: string[] = [];

const executors: Record<string, NodeExecutor> = {
  start: (context) => [[...context.items]],
  mark: (context) => [
    context.items.map((item, index) => ({
      json: { ...item.json, ...((context.parameters(index) as JsonObject).set as JsonObject), by: context.node.name },
      pairedItem: { item: index },
    })),
  ],
  split: (context) => {
    const even: Item[] = [];
    const odd: Item[] = [];
    context.items.forEach((item, index) => {
      (Number(item.json.n) % 2 === 0 ? even : odd).push({ json: item.json, pairedItem: { item: index } });
    });
    return [even, odd];
  },
  merge: (context) => [
    context.inputs.flatMap((items, input) => items.map((item, index) => ({ json: item.json, pairedItem: { item: index, input } }))),
  ],
  loop: (context) => {
    const items = context.items.map((item, index) => ({ json: item.json, pairedItem: { item: index } }));
    const times = Number((context.parameters(0) as JsonObject).times);
    return context.runIndex < times ? [[], items] : [items, []];
  },
  drop: () => [[]],
  post: (context) => {
    const { to } = context.parameters(0) as { to?: string };
    posted.push(...context.items.map((_, index) => context.idempotencyKey(index)));
    return [
      context.items.map((item, index) => ({ json: { ...item.json, to: to ?? null, sent: posted.length }, pairedItem: { item: index } })),
    ];
  },
  fail: (context) => {
    const { message = "broken", until = Number.POSITIVE_INFINITY } = context.parameters(0) as { message?: string; until?: number };
    if (context.attempt < until) throw new Error(message);
    return [context.items.map((item, index) => ({ json: item.json, pairedItem: { item: index } }))];
  },
  sleep: (context) => ({
    outputs: [[...context.items]],
    suspend: { kind: "sleep", until: String((context.parameters(0) as JsonObject).until) },
  }),
  ask: (context) => ({ outputs: [[...context.items]], suspend: { kind: "event", event: "resume", form: "approval" } }),
};

/** Node types that make the interpreter's behaviour visible and do nothing else. */
export const testRegistry: NodeRegistry = {
  definition: (type) => definitions.find((definition) => definition.type === type),
  executor: (type) => executors[type]!,
};

interface NodeSketch extends Partial<Omit<GraphNode, "id" | "name" | "type" | "position">> {
  type?: string;
  at?: [x: number, y: number];
}

/**
 * A graph from a sketch: nodes by name (the name is the id), edges as `"A -> B"`, `"A.even -> M.b"`.
 * Nodes stand where they are told, else in a row in the order of the sketch.
 */
export function sketch(nodes: Record<string, NodeSketch>, edges: string[]): Graph {
  return graphSchema.parse({
    nodes: Object.entries(nodes).map(([name, { type = "mark", at, ...rest }], index) => ({
      id: name,
      name,
      type,
      position: { x: at?.[0] ?? index * 100, y: at?.[1] ?? 0 },
      ...rest,
    })),
    edges: edges.map((edge, index) => {
      const [from = "", to = ""] = edge.split(" -> ");
      const [source, sourceHandle = "main"] = from.split(".");
      const [target, targetHandle = "main"] = to.split(".");
      return { id: `e${index}`, source, sourceHandle, target, targetHandle };
    }),
  });
}
