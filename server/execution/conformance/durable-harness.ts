import type pg from "pg";
import { expect } from "vitest";
import type { ExecutionStatus } from "@/flow/execution/status";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { createHttpClient } from "@/server/http/guarded-client";
import { logger } from "@/server/logger";
import { createSandbox } from "@/server/sandbox/sandbox";
import { EndDispatcher } from "../ends/end-dispatcher";
import { followEnds } from "../ends/follow-end";
import type { ExecutionEngine, RunExecution } from "../engine";
import { newExecutionId, newTriggerEventId } from "../ids";
import { checkInvariants } from "../invariants";
import { LogWriter } from "../log-writer";
import { createRunExecution } from "../run";
import { createFlowStarter } from "../sub-flows/starter";
import type { Harness } from "./harness";
import { conformanceRegistry } from "./nodes";
import type { HarnessUnderTest } from "./suite";
import { createWorld, type World } from "./world";

interface StepRow {
  key: string;
  attempt: number;
  status: string;
  output: string | null;
  error: string | null;
  started_at: Date;
  finished_at: Date | null;
}

/** What an engine under test runs on. */
export interface Ground {
  world: World;
  run: RunExecution;
  registry: ReturnType<typeof conformanceRegistry>;
}

export interface EngineUnderTest extends Pick<Harness, "inMemory" | "crash" | "restart"> {
  /** The one that is asked; another one after a restart. */
  readonly engine: ExecutionEngine;
  stop(): Promise<void>;
  /** Ends what the engine ran on, once nothing is asked of it any more. */
  release(): Promise<void>;
}

const ORGANIZATION = "conformance";
const never = new AbortController().signal;
const firstItems = (output: string | null): JsonObject[] =>
  output === null ? [] : ((JSON.parse(output).outputs?.[0] ?? []) as { json: JsonObject }[]).map(({ json }) => json);

/** The harness of an engine whose executions are in a database, checked by its invariants at the end. */
export async function durableHarness(pool: pg.Pool, begin: (ground: Ground) => Promise<EngineUnderTest>): Promise<HarnessUnderTest> {
  const world = await createWorld();
  const registry = conformanceRegistry(world);
  const http = createHttpClient({ allowlist: [world.silentHost] });
  const sandbox = createSandbox();
  const logs = new LogWriter(pool, logger);
  let begun: (engine: () => ExecutionEngine) => void = () => {};
  const started = new Promise<() => ExecutionEngine>((resolve) => {
    begun = resolve;
  });
  const engine = async () => (await started)();
  const ends = new EndDispatcher(pool, followEnds(pool, engine, []), logger, 50);
  const run = createRunExecution({
    pool,
    flows: (execution, flowName) => createFlowStarter({ pool, registry, engine }, execution, flowName),
    registry,
    http,
    sandbox,
    logs,
    checkHost: () => Promise.reject(new Error("No test node asks for an address")),
    connect: () => Promise.reject(new Error("No test node connects")),
    resumeUrl: () => "http://127.0.0.1/resume",
    maxVisits: 1000,
    env: {},
  });
  await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, 100, now())", [ORGANIZATION]);
  const under = await begin({ world, run, registry });
  begun(() => under.engine);
  ends.start();
  const published = new Map<string, { version: number; graph: Graph }>();
  const crash = under.crash?.bind(under);
  const restart = under.restart?.bind(under);

  return {
    world,
    organizationId: ORGANIZATION,
    get engine() {
      return under.engine;
    },
    async publish(graph, flowId = `flow-${published.size + 1}`) {
      const version = (published.get(flowId)?.version ?? 0) + 1;
      const text = JSON.stringify(graph);
      if (version === 1) {
        await pool.query("insert into flow (id, organization_id, name, draft, updated_at) values ($1, $2, $1, $3, now())", [
          flowId,
          ORGANIZATION,
          text,
        ]);
      }
      await pool.query("insert into flow_version (id, organization_id, flow_id, version, graph) values ($1, $2, $3, $4, $5)", [
        `${flowId}-${version}`,
        ORGANIZATION,
        flowId,
        version,
        text,
      ]);
      await pool.query("update flow set published_version = $2, active = true where id = $1", [flowId, version]);
      published.set(flowId, { version, graph });
      return flowId;
    },
    start(flowId, { item = {}, dedupeKey = null as string | null } = {}) {
      const { version, graph } = published.get(flowId)!;
      return under.engine.start({
        id: newExecutionId(),
        organizationId: ORGANIZATION,
        flowId,
        flowName: flowId,
        flowVersion: version,
        graph,
        mode: "api",
        triggerNodeId: "Start",
        items: [{ json: item }],
        variables: {},
        createdById: null,
        retryOfId: null,
        event: { id: newTriggerEventId(), triggerId: null, type: "api", dedupeKey },
      });
    },
    outcome: (id) => under.engine.outcome(id, "end", never),
    async status(id) {
      const { rows } = await pool.query<{ status: ExecutionStatus }>("select status from execution where id = $1", [id]);
      return rows[0]!.status;
    },
    async executionsOf(flowId) {
      const { rows } = await pool.query<{ id: string }>("select id from execution where flow_id = $1 order by created_at, id", [flowId]);
      return rows.map((row) => row.id);
    },
    async journal(id) {
      const text =
        "select key, attempt, status, output, error, started_at, finished_at from execution_step where execution_id = $1 order by seq";
      const { rows } = await pool.query<StepRow>(text, [id]);
      return rows.map(({ key, attempt, status, output, error, started_at, finished_at }) => ({
        key,
        attempt,
        status,
        error,
        startedAt: started_at.getTime(),
        finishedAt: finished_at?.getTime() ?? null,
        items: firstItems(output),
      }));
    },
    inMemory: () => under.inMemory(),
    ...(crash && { crash }),
    ...(restart && { restart }),
    async limitOrganization(limit) {
      await pool.query("update organization set max_concurrent = $1", [limit]);
    },
    async close() {
      await ends.stop();
      await under.stop();
      await Promise.all([logs.flush(), sandbox.close(), http.close(), world.close()]);
      const violations = await checkInvariants(pool);
      await under.release();
      expect(violations).toEqual([]);
    },
  };
}
