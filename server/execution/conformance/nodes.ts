import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { FatalError, RetryAfterError } from "@/flow/execution/errors";
import { testRegistry } from "@/flow/interpreter/testing/registry";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { type AnyNodeDefinition, defineNode } from "@/flow/node/define-node";
import type { NodeRegistry } from "@/flow/node/registry";
import type { World } from "./world";

const define = (type: string, effect: "pure" | "read" | "write"): AnyNodeDefinition =>
  defineNode({
    type,
    version: 1,
    name: type,
    description: "",
    category: "integration",
    icon: "box",
    parameters: z.looseObject({}),
    inputs: [{ name: "main" }],
    outputs: [{ name: "main" }],
    effect,
  });

const definitions = [
  define("act", "write"),
  define("call", "read"),
  define("compute", "pure"),
  define("wait", "pure"),
  define("many", "pure"),
  define("flow", "write"),
];

interface ActParameters {
  /** Waits behind the door of its name, which the world opens. */
  holds?: boolean;
  ms?: number;
  /** So many attempts fail. */
  fails?: number;
  retryAfterMs?: number;
  fatal?: boolean;
}

const passOn = (context: NodeContext) => context.items.map((item, index) => ({ json: item.json, pairedItem: { item: index } }));

/** `Name` or, where items say who they are, `Name:who`. */
const nameOf = (context: NodeContext): string => {
  const who = context.items[0]?.json.who;
  return typeof who === "string" ? `${context.node.name}:${who}` : context.node.name;
};

/** The interpreter's own test nodes, and some that touch the world. */
export function conformanceRegistry(world: World): NodeRegistry {
  const executors: Record<string, NodeExecutor> = {
    /** Does something that must not be done twice. */
    act: async (context) => {
      const { holds, ms = 0, fails = 0, retryAfterMs, fatal } = context.parameters(0) as ActParameters;
      const name = nameOf(context);
      world.note(`begin ${name} ${context.attempt}`);
      try {
        if (holds) await world.behind(name, context.signal);
        if (ms > 0) await delay(ms, undefined, { signal: context.signal });
      } catch (thrown) {
        world.note(`abort ${name}`);
        throw thrown;
      }
      if (context.attempt <= fails) {
        const message = `attempt ${context.attempt} failed`;
        if (fatal) throw new FatalError(message);
        throw retryAfterMs === undefined ? new Error(message) : new RetryAfterError(message, retryAfterMs);
      }
      world.note(`end ${name}`);
      return [passOn(context)];
    },
    /** Calls a server that does not answer. */
    call: async (context) => {
      await context.http.request({ method: "GET", url: `http://${world.silentHost}/${nameOf(context)}` }, context.signal);
      return [passOn(context)];
    },
    /** Runs code that does not end. */
    compute: async (context) => {
      world.note(`begin ${nameOf(context)} ${context.attempt}`);
      try {
        await context.sandbox.run({ language: "javascript", code: "for (;;) {}", globals: {} }, context.signal);
      } finally {
        world.note(`over ${nameOf(context)}`);
      }
      return [passOn(context)];
    },
    /** Runs another flow with its items, and gives what that gave. */
    flow: async (context) => {
      const { id } = context.parameters(0) as { id: string };
      const { executionId } = await context.flows.start({ flow: { id }, items: [...context.items], index: 0, wait: true });
      const outcome = await context.flows.outcome(executionId);
      if (!outcome) return { outputs: [[]], suspend: { kind: "flows", attempt: context.attempt, started: 1 } };
      if (outcome.status !== "succeeded") throw new FatalError(`the other flow ${outcome.status}`);
      return [outcome.items.map(({ json }) => ({ json, pairedItem: { item: 0 } }))];
    },
    /** Gives many items. */
    many: (context) => {
      const { count, bytes } = context.parameters(0) as { count: number; bytes: number };
      const text = "x".repeat(bytes);
      return [Array.from({ length: count }, (_, n) => ({ json: { n, text }, pairedItem: { item: 0 } }))];
    },
    wait: (context) => {
      const { until, form } = context.parameters(0) as { until?: string; form?: boolean };
      if (form) {
        const page = { title: "Page", description: "", fields: [], buttonLabel: "" };
        return { outputs: [passOn(context)], suspend: { kind: "event", event: "resume", form: "form", page } };
      }
      return {
        outputs: [passOn(context)],
        suspend: { kind: "event", event: "resume", form: "approval", ...(until !== undefined && { until }) },
      };
    },
  };
  return {
    definition: (type) => definitions.find((definition) => definition.type === type) ?? testRegistry.definition(type),
    executor: (type) => executors[type] ?? testRegistry.executor(type),
  };
}
