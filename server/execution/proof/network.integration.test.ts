import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { startTcpProxy, type TcpProxy, type Weather } from "@/server/testing/tcp-proxy";
import { createEmbeddedEngine } from "../embedded/engine";
import { until } from "../embedded/testing/engines";
import { newExecution, runScripts } from "../embedded/testing/scripts";
import { checkInvariants } from "../invariants";
import { stormFlows, WRITES } from "./testing/storm-flows";

let database: TestDatabase;
let pool: pg.Pool;
let proxy: TcpProxy;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on("error", () => {});
  proxy = await startTcpProxy(Number(new URL(database.url).port));
});
afterAll(async () => {
  await proxy?.close();
  await pool?.end();
  await database?.drop();
});

const LEASE_MS = 3000;
const FLOWS = ["chain", "fork", "retry", "pure", "broken"];
/** Some of it is over before a statement's time is, some is not. */
const STORM: [Weather, number][] = [
  ["fair", 300],
  ["trickling", 700],
  ["stalled", 300],
  ["fair", 200],
  ["stalled", 2500],
  ["deaf", 1200],
  ["fair", 300],
  ["closed", 900],
  ["trickling", 500],
];

test("a network that stalls, trickles, cuts and goes deaf between app and database loses nothing and repeats nothing", {
  timeout: 120_000,
}, async () => {
  await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ('net', 'net', 'net', 20, now())");
  const begun = new Map<string, number[]>();
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const engine = await createEmbeddedEngine({
    connectionString: url.href,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    liveBus: { isHeard: () => false, publish() {} },
    leaseMs: LEASE_MS,
    heartbeatMs: 300,
    pollMs: 200,
    inMemoryWaitMs: 200,
    statementTimeoutMs: 800,
    stopMs: 2000,
    run: runScripts(
      stormFlows(
        async (name) => {
          begun.set(name, [...(begun.get(name) ?? []), Date.now()]);
          await new Promise((resolve) => setTimeout(resolve, 5));
        },
        () => {
          throw new Error("No flow here starts others");
        },
      ),
    ),
  });
  try {
    let sent = 0;
    const numbers = new Map<number, string>();
    const arrive = async (): Promise<void> => {
      const n = sent++;
      const execution = newExecution("net", FLOWS[n % FLOWS.length]!, { n });
      execution.event = { ...execution.event, triggerId: "hook", dedupeKey: `arrival-${n}` };
      for (;;) {
        try {
          const { executionId } = await engine.start(execution);
          numbers.set(n, executionId);
          return;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const arrivals: Promise<void>[] = [];
    for (const [weather, forMs] of STORM) {
      proxy.weather = weather;
      const end = Date.now() + forMs;
      while (Date.now() < end) {
        if (sent < 200) arrivals.push(arrive());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (weather === "fair") proxy.reset();
    }
    proxy.weather = "fair";
    await Promise.all(arrivals);
    const left = async () =>
      (await pool.query<{ n: number }>("select count(*)::int n from execution where status in ('queued', 'running', 'waiting')")).rows[0]!
        .n;
    await until(left, (n) => n === 0, 60_000);
    expect(proxy.cut).toBeGreaterThan(0);
    expect(sent).toBeGreaterThan(100);
    expect(await checkInvariants(pool, { settled: true, leaseMs: LEASE_MS })).toEqual([]);
    const { rows } = await pool.query<{ id: string; n: number; status: string }>(
      "select id, status, (input::json -> 0 -> 'json' ->> 'n')::int n from execution order by 3",
    );
    expect(rows.map(({ n, id }) => [n, id])).toEqual([...numbers].sort(([a], [b]) => a - b));
    expect(rows.filter(({ n, status }) => status !== (FLOWS[n % FLOWS.length] === "broken" ? "failed" : "succeeded"))).toEqual([]);
    const expected = rows.flatMap(({ n }) => WRITES[FLOWS[n % FLOWS.length]!]!.map((step) => `${n}-${step}`));
    expect(new Set(begun.keys())).toEqual(new Set(expected));
    const { rows: writes } = await pool.query<{ name: string; finished_at: Date }>(
      `select output::json -> 'outputs' -> 0 -> 0 -> 'json' ->> 'name' as name, finished_at from execution_step
        where effect = 'write' and status = 'succeeded'`,
    );
    expect(writes.filter(({ name, finished_at }) => begun.get(name)?.some((at) => at > finished_at.getTime()))).toEqual([]);
  } finally {
    proxy.weather = "fair";
    await engine.stop();
  }
});
