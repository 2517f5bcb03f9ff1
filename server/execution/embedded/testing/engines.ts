import pg from "pg";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { LiveEvent } from "@/flow/execution/events";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { checkInvariants } from "../../invariants";
import { createEmbeddedEngine, type EmbeddedEngine } from "../engine";
import type { EmbeddedEngineOptions } from "../options";
import { TEST_LEASE_MS } from "./lease";
import { runScripts, type Script } from "./scripts";

export { TEST_LEASE_MS };

interface ExecutionRow {
  id: string;
  status: string;
  seq: number;
  error: string | null;
  worker_id: string | null;
  claim_no: number;
  wake_at: Date | null;
}

/**
 * A database and engines for one test file. After each test the engines stop and the invariants are checked.
 * @param scripts what executions do, by flow id
 */
export function withEngines(scripts: Record<string, Script>) {
  let database: TestDatabase;
  let pool: pg.Pool;
  const engines: EmbeddedEngine[] = [];
  const events: LiveEvent[] = [];
  let organizations = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 5 });
    pool.on("error", () => {});
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
    events.length = 0;
    expect(await checkInvariants(pool, { leaseMs: TEST_LEASE_MS })).toEqual([]);
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  return {
    get url() {
      return database.url;
    },
    get pool() {
      return pool;
    },
    events,
    async engine(options: Partial<EmbeddedEngineOptions> = {}): Promise<EmbeddedEngine> {
      const engine = await createEmbeddedEngine({
        connectionString: database.url,
        run: runScripts(scripts),
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        liveBus: { isHeard: () => true, publish: (_, published) => void events.push(...published) },
        leaseMs: TEST_LEASE_MS,
        heartbeatMs: 400,
        quietMs: 1000,
        pollMs: 200,
        inMemoryWaitMs: 200,
        stopMs: 2000,
        ...options,
      });
      engines.push(engine);
      return engine;
    },
    async organization(maxConcurrent = 100): Promise<string> {
      const id = `org-${++organizations}`;
      await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, $2, now())", [
        id,
        maxConcurrent,
      ]);
      return id;
    },
    async execution(id: string): Promise<ExecutionRow> {
      const { rows } = await pool.query<ExecutionRow>("select * from execution where id = $1", [id]);
      return rows[0]!;
    },
    async steps(id: string): Promise<{ key: string; attempt: number; status: string; output: string | null; payload_id: string | null }[]> {
      const { rows } = await pool.query("select * from execution_step where execution_id = $1 order by seq", [id]);
      return rows;
    },
    async statuses(): Promise<Record<string, number>> {
      const { rows } = await pool.query<{ status: string; n: number }>("select status, count(*)::int n from execution group by status");
      return Object.fromEntries(rows.map((row) => [row.status, row.n]));
    },
  };
}

/** Ends the wait with what the condition told last, so that the failure says why. */
export async function until<T>(condition: () => Promise<T> | T, holds: (value: T) => boolean = Boolean, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const never = () => new AbortController().signal;
