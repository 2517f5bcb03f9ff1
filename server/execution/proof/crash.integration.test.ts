import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { interpret } from "@/flow/interpreter/interpret";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { testRegistry } from "@/flow/interpreter/testing/registry";
import { noServices } from "@/flow/interpreter/testing/run";
import type { NodeRegistry } from "@/flow/node/registry";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { createEmbeddedEngine, type EmbeddedEngine } from "../embedded/engine";
import { never, until } from "../embedded/testing/engines";
import { newExecution } from "../embedded/testing/scripts";
import type { NewExecution, RunExecution } from "../engine";
import { checkInvariants } from "../invariants";
import { type CanonicalFlow, canonicalFlows } from "./testing/canonical-flows";
import { CrashPoint, type Moment } from "./testing/crash-point";

/** What one case at a time has to itself: an engine claims whatever its database holds. */
interface Lane {
  database: TestDatabase;
  pool: pg.Pool;
  /** What was done outside: beginnings and ends of writes by execution and visit, in order. */
  world: { write: string; phase: "begin" | "end" }[];
}

/** Most of a case is waiting: for a process to be gone, a sleep to be over, another to take up what is left. */
const LANES = 4;
let lanes: Lane[] = [];
let organizations = 0;

beforeAll(async () => {
  lanes = await Promise.all(
    Array.from({ length: LANES }, async () => {
      const database = await createTestDatabase();
      const pool = new pg.Pool({ connectionString: database.url, max: 2 });
      pool.on("error", () => {});
      return { database, pool, world: [] };
    }),
  );
});
afterAll(async () => {
  for (const { pool, database } of lanes) {
    await pool.end();
    await database.drop();
  }
});

/** The test nodes, in a process that may die; their writes take a moment and tell the world. */
const registryIn = (point: CrashPoint, lane: Lane): NodeRegistry => ({
  definition: testRegistry.definition,
  executor: async (type) => {
    const executor = await testRegistry.executor(type);
    return async (context) => {
      await point.alive(null);
      if (type !== "post") return executor(context);
      const write = `${context.execution.id} ${context.node.id}#${context.runIndex}`;
      lane.world.push({ write, phase: "begin" });
      await new Promise((resolve) => setImmediate(resolve));
      await point.alive(null);
      lane.world.push({ write, phase: "end" });
      return [context.items.map((item, index) => ({ json: { ...item.json, by: context.node.name }, pairedItem: { item: index } }))];
    };
  },
});

/** Interprets the graph that is frozen into the execution. */
const runIn = (point: CrashPoint, lane: Lane): RunExecution => {
  const registry = registryIn(point, lane);
  return (execution, host) =>
    interpret({
      graph: prepareGraph(JSON.parse(execution.draftGraph ?? "null"), registry),
      registry,
      host,
      services: noServices,
      info: {
        id: execution.id,
        mode: execution.mode,
        flowId: execution.flowId,
        flowName: "Crash",
        organizationId: execution.organizationId,
        resumeUrl: "http://localhost/resume",
      },
      trigger: { nodeId: execution.triggerNodeId, items: execution.items },
      variables: {},
      lineage: execution.id,
      maxVisits: 1000,
      timezone: "UTC",
    });
};

const engineIn = (point: CrashPoint, lane: Lane): Promise<EmbeddedEngine> =>
  createEmbeddedEngine({
    connectionString: point.url(lane.database.url),
    run: runIn(point, lane),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    liveBus: { isHeard: () => false, publish() {} },
    // Its own heartbeat is no statement of a flow: none comes while a flow runs.
    heartbeatMs: 60_000,
    leaseMs: 600_000,
    pollMs: 250,
    inMemoryWaitMs: 10,
    inlineBytes: 2000,
    stopMs: 1000,
  });

const executionOf = (flow: CanonicalFlow, organizationId: string): NewExecution => ({
  // Gates are a flow's: none is shared with the executions of other cases.
  ...newExecution(organizationId, `flow of ${organizationId}`, {}, { triggerNodeId: "Start", graph: flow.graph }),
  items: (flow.items ?? [{ n: 1 }]).map((json) => ({ json })),
});

/** As a sender does: once, and its answers as soon as it knows where to. */
async function send(engine: EmbeddedEngine, execution: NewExecution, flow: CanonicalFlow, tell: (id: string) => void): Promise<string> {
  const { organizationId } = execution;
  const { executionId } = await engine.start(execution);
  tell(executionId);
  for (const key of flow.answers ?? []) {
    await engine.signal({ organizationId, executionId, event: "resume", correlation: `${executionId}:${key}`, payload: { ok: true } });
  }
  return executionId;
}

async function result({ pool }: Lane, executionId: string) {
  const { rows } = await pool.query<{ status: string; last_key: string | null; output: string | null; steps: number }>(
    `select e.status, e.last_key, (select s.output from execution_step s where s.execution_id = e.id and s.key = e.last_key
        and s.status = 'succeeded') as output,
      (select count(distinct key)::int from execution_step s where s.execution_id = e.id and s.status = 'succeeded') as steps
      from execution e where e.id = $1`,
    [executionId],
  );
  const { output, ...rest } = rows[0]!;
  return { ...rest, output: output?.replaceAll(executionId, "exec") ?? null };
}

/** Writes of an organization that are durably recorded as done. */
async function recorded({ pool }: Lane, organizationId: string): Promise<Set<string>> {
  const { rows } = await pool.query<{ write: string }>(
    "select execution_id || ' ' || key as write from execution_step where organization_id = $1 and effect = 'write' and status = 'succeeded'",
    [organizationId],
  );
  return new Set(rows.map(({ write }) => write));
}

interface Case {
  flow: CanonicalFlow;
  at: number | null;
  moment: Moment;
}

/** Runs a flow in a process that dies at a statement, and what is left of it in a second one. */
async function play(lane: Lane, { flow, at, moment }: Case) {
  const { pool } = lane;
  lane.world = [];
  const organizationId = `crash-${++organizations}`;
  await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, 10, now())", [
    organizationId,
  ]);
  const execution = executionOf(flow, organizationId);
  execution.event = { ...execution.event, triggerId: "hook", dedupeKey: organizationId };
  const first = new CrashPoint(at, moment);
  const engine = await engineIn(first, lane);
  first.arm();
  let acknowledged: string | null = null;
  const sending = send(engine, execution, flow, (id) => {
    acknowledged = id;
  });
  const ended = sending.then((id) => engine.outcome(id, "end", never()));
  ended.catch(() => {});
  await Promise.race([ended, first.gone]);
  const { statements } = first;
  if (!first.crashed) {
    await engine.stop();
    first.forget();
    return { statements, ...(await result(lane, await sending)) };
  }
  // Nobody renews its lease any more. Nor is anything that it left in memory heard of again.
  await pool.query("select engine_retire(id) from worker where not fenced");
  const durable = await recorded(lane, organizationId);
  const mark = lane.world.length;
  const second = new CrashPoint(null, "before");
  const successor = await engineIn(second, lane);
  try {
    const { rows } = await pool.query<{ id: string }>("select id from execution where organization_id = $1", [organizationId]);
    if (acknowledged !== null) expect(rows.map(({ id }) => id)).toEqual([acknowledged]);
    // The sender was told nothing, or does not trust it: it sends the same again.
    const id = await send(successor, { ...executionOf(flow, organizationId), event: execution.event }, flow, () => {});
    expect(rows.every((row) => row.id === id)).toBe(true);
    await until(
      async () => (await result(lane, id)).status,
      (status) => ["succeeded", "failed"].includes(status),
      20_000,
    );
    const begunAgain = lane.world.slice(mark).filter(({ write, phase }) => phase === "begin" && durable.has(write));
    expect(begunAgain).toEqual([]);
    const { rows: all } = await pool.query<{ n: number }>("select count(*)::int n from execution where organization_id = $1", [
      organizationId,
    ]);
    expect(all[0]!.n).toBe(1);
    return { statements, ...(await result(lane, id)) };
  } finally {
    await successor.stop();
    first.forget();
    second.forget();
  }
}

let cases = 0;

test.each(canonicalFlows.map((flow) => [flow.name, flow] as const))(
  "%s: whichever statement its process dies before or after, it ends as if nothing had happened",
  { timeout: 120_000 },
  async (_name, flow) => {
    const { statements, ...whole } = await play(lanes[0]!, { flow, at: null, moment: "before" });
    expect(whole.status).toBe(flow.ends ?? "succeeded");
    expect(statements).toBeGreaterThan(0);
    const left = Array.from({ length: statements }, (_, index) => index + 1).flatMap((at) =>
      (["before", "after"] as const).map((moment) => ({ flow, at, moment })),
    );
    cases += left.length;
    const ends = await Promise.allSettled(
      lanes.map(async (lane) => {
        for (let next = left.shift(); next; next = left.shift()) {
          const { at, moment } = next;
          const { statements: _, ...recovered } = await play(lane, next);
          expect({ at, moment, ...recovered }).toEqual({ at, moment, ...whole });
        }
        expect(await checkInvariants(lane.pool, { settled: true })).toEqual([]);
      }),
    );
    // Only once all are at rest: the next flow is played in the same lanes.
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  },
);

afterAll(() => {
  process.stdout.write(`crashes: ${cases} in ${canonicalFlows.length} flows, before and after every statement\n`);
});
