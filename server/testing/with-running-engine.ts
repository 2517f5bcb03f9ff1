import { afterAll, beforeAll, expect } from "vitest";
import { isTerminal } from "@/flow/execution/status";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { definitionOf } from "@/nodes/catalog";
import type { Execution } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { env, resetEnv } from "@/server/env";
import { createEngine, type RunningEngine } from "@/server/execution/create-engine";
import type { ExecutionOutcome } from "@/server/execution/engine";
import { setEngine } from "@/server/execution/get-engine";
import { checkInvariants } from "@/server/execution/invariants";
import { sql } from "@/server/sql";

/** The engine of this installation over the test file's database, as a server would run it. Call it after `withTestDatabase`. */
export function withRunningEngine(): {
  outcome(executionId: string): Promise<ExecutionOutcome>;
  /** Ends the engine and starts another, as a restart would. */
  restart(): Promise<void>;
} {
  let running: RunningEngine | null = null;
  const start = async () => {
    // What resume links are signed with, and begin with.
    process.env.NEXTAUTH_SECRET ??= "a secret of this test, long enough for anyone";
    process.env.NEXTAUTH_URL ??= "http://localhost:3000";
    resetEnv();
    running = await createEngine(env(), { send: () => Promise.reject(new Error("no Inngest")), findRun: async () => "unknown" });
    setEngine(running.engine);
  };
  beforeAll(start);
  afterAll(async () => {
    await running?.stop();
    setEngine(null);
    expect(await checkInvariants(sql())).toEqual([]);
  });
  return {
    outcome: (executionId) => running!.engine.outcome(executionId, "end", AbortSignal.timeout(20_000)),
    async restart() {
      await running?.stop();
      await start();
    },
  };
}

/** A graph of nodes in a line, by name: the first is where it starts. */
export function lineOf(
  nodes: Record<string, { type: string; parameters?: JsonObject; settings?: JsonObject }>,
  settings: JsonObject = {},
): Graph {
  const names = Object.keys(nodes);
  return graphSchema.parse({
    nodes: Object.entries(nodes).map(([name, node], index) => ({
      id: name,
      name,
      position: { x: index * 240, y: 0 },
      version: definitionOf(node.type)?.version ?? 1,
      ...node,
    })),
    edges: names.slice(1).map((target, index) => ({ id: `${names[index]}-${target}`, source: names[index], target })),
    settings,
  });
}

/** Resolves once a query's answer is as wanted. */
export async function eventually<T>(look: () => Promise<T>, holds: (value: T) => boolean, withinMs = 15_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Executions of a flow, the oldest first, once there are as many and all have ended. */
export const endedExecutions = (flowId: string, count: number): Promise<Execution[]> =>
  eventually(
    () => db().execution.findMany({ where: { flowId }, orderBy: { createdAt: "asc" } }),
    (rows) => rows.length >= count && rows.every(({ status }) => isTerminal(status as "queued")),
  );
