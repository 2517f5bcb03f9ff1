import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { checkInvariants } from "../invariants";
import { type Effects, kill, startEffects, startWorkerProcess } from "./testing/effects";
import { TEST_LEASE_MS, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

const fixture = withEngines({});
const children: ChildProcess[] = [];
let effects: Effects;

beforeAll(async () => {
  effects = await startEffects();
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  effects.log.length = 0;
});
afterAll(() => effects.close());

const worker = async () => {
  const child = await startWorkerProcess(fixture.url, effects.url);
  children.push(child);
  return child;
};

/** Queues executions of seven writes and five pure steps, and a sleep between them. */
async function queue(count: number): Promise<string> {
  const recorder = await fixture.engine({ capacity: 0 });
  const organizationId = await fixture.organization(200);
  await Promise.all(Array.from({ length: count }, (_, n) => recorder.start(newExecution(organizationId, "chain", { n }))));
  await recorder.stop();
  return organizationId;
}

const statusesOf = async (organizationId: string) => {
  const { rows } = await fixture.pool.query<{ status: string; n: number }>(
    "select status, count(*)::int n from execution where organization_id = $1 group by status",
    [organizationId],
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.n]));
};

const allSucceed = (organizationId: string, count: number, withinMs: number) =>
  until(
    () => statusesOf(organizationId),
    (statuses) => statuses.succeeded === count && Object.keys(statuses).length === 1,
    withinMs,
  );

/** Writes that are durably recorded, by the name that the outside server knows. */
async function recordedWrites(organizationId: string): Promise<string[]> {
  const { rows } = await fixture.pool.query<{ name: string }>(
    `select (s.output::json -> 'outputs' -> 0 -> 0 -> 'json' ->> 'name') as name from execution_step s
      where s.organization_id = $1 and s.effect = 'write' and s.status = 'succeeded'`,
    [organizationId],
  );
  return rows.map((row) => row.name);
}

const progress = (organizationId: string, writes: number) =>
  until(
    async () => (await recordedWrites(organizationId)).length,
    (count) => count >= writes,
    20_000,
  );

test("after kill -9 in the middle of fifty executions all of them end, and no completed write ran twice", { timeout: 90_000 }, async () => {
  const organizationId = await queue(50);
  for (const writes of [20, 130, 240]) {
    const child = await worker();
    await progress(organizationId, writes);
    await kill(child);
    const recorded = await recordedWrites(organizationId);
    const seen = effects.log.length;
    // Recorded is recorded: none of these may begin again.
    children.push(Object.assign(child, { recorded, seen }));
  }
  await worker();
  await allSucceed(organizationId, 50, 40_000);
  for (const child of children.splice(0)) {
    const { recorded, seen } = child as ChildProcess & { recorded?: string[]; seen?: number };
    await kill(child);
    if (!recorded) continue;
    const begunAfter = new Set(
      effects.log
        .slice(seen)
        .filter((line) => line.startsWith("begin "))
        .map((line) => line.slice(6)),
    );
    expect(recorded.filter((name) => begunAfter.has(name))).toEqual([]);
  }
  const ended = effects.log.filter((line) => line.startsWith("end "));
  expect(new Set(ended).size).toBe(50 * 7);
  expect(await checkInvariants(fixture.pool, { leaseMs: TEST_LEASE_MS, settled: true })).toEqual([]);
});

test("two processes take over from a third that was killed, each execution once", { timeout: 60_000 }, async () => {
  const organizationId = await queue(30);
  const victim = await worker();
  await progress(organizationId, 20);
  await kill(victim);
  const recorded = await recordedWrites(organizationId);
  const seen = effects.log.length;
  await Promise.all([worker(), worker()]);
  await allSucceed(organizationId, 30, 30_000);
  const begun = effects.log.slice(seen).filter((line) => line.startsWith("begin "));
  expect(begun.filter((line) => recorded.includes(line.slice(6)))).toEqual([]);
  expect(new Set(begun).size).toBe(begun.length);
});

test("a process that stood still past its lease cannot write any more, and carries on under a new name", { timeout: 60_000 }, async () => {
  const organizationId = await queue(40);
  const frozen = await worker();
  await progress(organizationId, 30);
  frozen.kill("SIGSTOP");
  const { rows: before } = await fixture.pool.query("select id from worker where pid = $1", [frozen.pid]);
  const other = await worker();
  const fenced = async () => (await fixture.pool.query("select fenced from worker where id = $1", [before[0].id])).rows[0].fenced;
  await until(fenced, Boolean, TEST_LEASE_MS * 3);
  const recorded = await recordedWrites(organizationId);
  const seen = effects.log.length;
  frozen.kill("SIGCONT");
  await allSucceed(organizationId, 40, 30_000);
  const begun = effects.log.slice(seen).filter((line) => line.startsWith("begin "));
  expect(begun.filter((line) => recorded.includes(line.slice(6)))).toEqual([]);
  await until(
    async () => (await fixture.pool.query("select 1 from worker where pid = $1 and not fenced", [frozen.pid])).rowCount,
    (n) => n === 1,
  );
  await Promise.all([frozen, other].map(kill));
  expect(await checkInvariants(fixture.pool, { leaseMs: TEST_LEASE_MS, settled: true })).toEqual([]);
});
