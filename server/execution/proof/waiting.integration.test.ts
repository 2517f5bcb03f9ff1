import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "@/server/testing/database";
import { durableHarness } from "../conformance/durable-harness";
import { chain, until } from "../conformance/harness";
import { createEmbeddedEngine, type EmbeddedEngine } from "../embedded/engine";

const WAITING = Number(process.env.WAITING_EXECUTIONS ?? 10_000);
const DAY_MS = 86_400_000;
/** What one execution may add to the heap while it waits: its id in some list would be more. */
const MOST_BYTES_EACH = 40;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Once what is left over from before is gone. */
async function heap(): Promise<number> {
  for (let times = 0; times < 5; times++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return process.memoryUsage().heapUsed;
}

test(`${WAITING} executions wait for 30 days in nobody's memory, through a restart and two new versions of their flow`, {
  timeout: 300_000,
}, async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  let engine: EmbeddedEngine;
  let restart: () => Promise<void> = async () => {};
  const harness = await durableHarness(pool, async ({ run }) => {
    const open = () =>
      createEmbeddedEngine({
        connectionString: database.url,
        run,
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        liveBus: { isHeard: () => false, publish() {} },
      });
    engine = await open();
    restart = async () => {
      await engine.stop();
      engine = await open();
    };
    return {
      get engine() {
        return engine;
      },
      inMemory: async () => engine.running,
      stop: () => engine.stop(),
      async release() {
        await pool.end();
        await database.drop();
      },
    };
  });
  const statuses = async (): Promise<Record<string, number>> => {
    const { rows } = await pool.query<{ status: string; n: number }>("select status, count(*)::int n from execution group by status");
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  };
  const all = (status: string, count: number) => until(statuses, (found) => found[status] === count, 120_000);

  const inThirtyDays = new Date(Date.now() + 30 * DAY_MS).toISOString();
  const version = (name: string) => chain({ Nap: { type: "sleep", parameters: { until: inThirtyDays } }, [name]: {} });
  const flow = await harness.publish(version("First"));
  const startMany = async (count: number) => {
    for (let left = count; left > 0; left -= 200) {
      await Promise.all(Array.from({ length: Math.min(left, 200) }, () => harness.start(flow)));
    }
  };
  try {
    // What the first ones load, compile and keep ready stays, however many follow.
    const first = Math.floor(WAITING / 2);
    await startMany(first);
    await all("waiting", first);
    const before = await heap();
    await startMany(WAITING - first);
    await all("waiting", WAITING);
    const bytesEach = ((await heap()) - before) / (WAITING - first);
    expect(engine!.running).toBe(0);
    expect(bytesEach).toBeLessThan(MOST_BYTES_EACH);

    await harness.publish(version("Second"), flow);
    await restart();
    await harness.publish(version("Third"), flow);
    const { executionId: later } = await harness.start(flow);
    await all("waiting", WAITING + 1);
    expect(engine!.running).toBe(0);

    // Thirty days go by: everything that was to be in the future is a moment ago.
    const due = new Date(Date.now() - 1).toISOString();
    await pool.query("update execution_step set wake_at = $1::timestamptz, output = replace(output, $2, $3) where wake_at is not null", [
      due,
      inThirtyDays,
      due,
    ]);
    const woken = Date.now();
    await pool.query("update execution set wake_at = $1::timestamptz where status = 'waiting'", [due]);
    await all("succeeded", WAITING + 1);
    const seconds = (Date.now() - woken) / 1000;
    const { rows } = await pool.query<{ flow_version: number; last_key: string; n: number; most: number }>(
      "select flow_version, last_key, count(*)::int n, max(claim_no) most from execution group by 1, 2 order by 1, 2",
    );
    // Each was begun once and taken up once.
    expect(rows).toEqual([
      { flow_version: 1, last_key: "First#0", n: WAITING, most: 2 },
      { flow_version: 3, last_key: "Third#0", n: 1, most: 2 },
    ]);
    expect((await harness.outcome(later)).lastItems?.[0]?.json).toMatchObject({ by: "Third" });
    process.stdout.write(
      `${WAITING} executions waited for 30 days: the heap grew by ${Math.round((bytesEach * (WAITING - first)) / 1024)} KiB for the last ${WAITING - first} of them; all woke at one instant and ended on their version within ${seconds.toFixed(1)} s\n`,
    );
  } finally {
    await harness.close();
  }
});
