import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { RetryAfterError } from "@/flow/execution/errors";
import { graphSchema } from "@/flow/graph/schema";
import { interpret } from "@/flow/interpreter/interpret";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { testRegistry } from "@/flow/interpreter/testing/registry";
import type { JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { type AnyNodeDefinition, defineNode } from "@/flow/node/define-node";
import { createMemoryStorage } from "@/flow/node/memory-storage";
import type { NodeRegistry } from "@/flow/node/registry";
import type { RunExecution } from "@/server/execution/engine";

const define = (type: string, over: Partial<AnyNodeDefinition> = {}): AnyNodeDefinition =>
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
    effect: "write",
    ...over,
  });

const definitions = [
  define("hit"),
  define("answer", { effect: "pure" }),
  define("big", { effect: "pure" }),
  define("hold", { effect: "read" }),
  define("ask-until", { effect: "pure" }),
  define("rounds", { effect: "pure", outputs: [{ name: "done" }, { name: "again" }], loops: { context: () => ({}) } }),
];

const passOn = (context: NodeContext) => context.items.map((item, index) => ({ json: item.json, pairedItem: { item: index } }));

/** Node types that reach an outside system; the rest are the interpreter's own test nodes. */
export function effectRegistry(effectsUrl: string): NodeRegistry {
  const hit = (key: string) => fetch(`${effectsUrl}/${encodeURIComponent(key)}`, { method: "POST" });
  const executors: Record<string, NodeExecutor> = {
    /** Does something outside once, takes `ms`, and fails the first `fails` times. */
    hit: async (context) => {
      const { ms = 0, fails = 0, retryAfterMs } = context.parameters(0) as { ms?: number; fails?: number; retryAfterMs?: number };
      await hit(`try ${context.execution.id} ${context.node.name}#${context.runIndex}`);
      if (ms > 0) await delay(ms, undefined, { signal: context.signal });
      if (context.attempt <= fails) {
        const message = `attempt ${context.attempt} of ${context.node.name} failed`;
        throw retryAfterMs === undefined ? new Error(message) : new RetryAfterError(message, retryAfterMs);
      }
      await hit(`done ${context.execution.id} ${context.node.name}#${context.runIndex}`);
      return [passOn(context)];
    },
    /** Waits until it is aborted. */
    hold: async (context) => {
      await hit(`holding ${context.execution.id}`);
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve, { once: true }));
      await hit(`aborted ${context.execution.id}`);
      context.signal.throwIfAborted();
      return [passOn(context)];
    },
    "ask-until": (context) => {
      const { until } = context.parameters(0) as { until: string };
      return { outputs: [passOn(context)], suspend: { kind: "event", event: "resume", form: "webhook", until } };
    },
    /** Gives its items back out of `again` until `times` runs are over, then out of `done`, as a loop that says it is one. */
    rounds: (context) => {
      const { times } = context.parameters(0) as { times: number };
      return context.runIndex < times ? [[], passOn(context)] : [passOn(context), []];
    },
    answer: (context) => ({ outputs: [passOn(context)], response: { status: 201, headers: {}, body: "made" } }),
    big: (context) => [[{ json: { text: "x".repeat(Number((context.parameters(0) as JsonObject).bytes)) } }]],
  };
  return {
    definition: (type) => definitions.find((definition) => definition.type === type) ?? testRegistry.definition(type),
    executor: (type) => executors[type] ?? testRegistry.executor(type),
  };
}

const refuse = () => {
  throw new Error("no test node asks for this");
};

/** Interprets the frozen draft of an execution with test nodes. */
export function createTestRun(registry: NodeRegistry): RunExecution {
  return (execution, host) => {
    const graph = graphSchema.parse(JSON.parse(execution.draftGraph ?? "null"));
    return interpret({
      graph: prepareGraph(graph, registry),
      registry,
      host,
      services: {
        http: { request: refuse },
        sandbox: { run: refuse },
        storage: createMemoryStorage().of,
        checkHost: refuse,
        connect: refuse,
        readBinary: refuse,
        writeBinary: refuse,
        log: () => {},
      },
      info: {
        id: execution.id,
        mode: execution.mode,
        flowId: execution.flowId,
        flowName: "Test",
        organizationId: execution.organizationId,
        resumeUrl: "http://127.0.0.1/resume",
      },
      trigger: { nodeId: execution.triggerNodeId, items: execution.items },
      variables: execution.variables,
      lineage: execution.id,
      maxVisits: graph.settings.maxVisits ?? 1000,
      timezone: "UTC",
    });
  };
}
