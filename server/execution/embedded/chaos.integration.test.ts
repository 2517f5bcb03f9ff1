import { expect, test } from "vitest";
import { checkInvariants } from "../invariants";
import type { EmbeddedEngine } from "./engine";
import { until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

/** Beginnings of writes, by execution and step. */
const begun = new Map<string, number[]>();

const write =
  (id: string, key: string, failing = false) =>
  async () => {
    begun.set(`${id} ${key}#0`, [...(begun.get(`${id} ${key}#0`) ?? []), Date.now()]);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
    if (failing && Math.random() < 0.4) throw new Error("now and then");
    return { key };
  };

const fixture = withEngines({
  mixed: async (steps, _input, { id }) => {
    await steps.run("pure", () => ({ n: 1 }));
    await steps.run("first", write(id, "first"), { effect: "write" });
    await Promise.all([
      steps.run("left", write(id, "left", true), { effect: "write", retry: { maxAttempts: 6, waitMs: 15 } }),
      steps.run("right", write(id, "right"), { effect: "write" }),
      steps.sleep("nap", new Date(Date.now() + 100)),
    ]);
    await steps.sleep("long", new Date(Date.now() + 400));
    await steps.run("last", write(id, "last"), { effect: "write" });
  },
  approval: async (steps, _input, { id }) => {
    const answer = await steps.wait("gate", new Date(Date.now() + 1500));
    await steps.run("after", write(id, "after"), { effect: "write" });
    await steps.run("told", () => ({ answer }));
  },
  quick: async (steps) => {
    for (let index = 0; index < 5; index++) await steps.run(`step${index}`, () => ({ index }));
  },
});

/** A small generator with a seed: a failing run can be repeated, as far as timing lets it. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 6);

test(`whatever happens to processes and connections, every execution ends and nothing completed runs again (seed ${SEED})`, {
  timeout: 60_000 + SECONDS * 1000,
}, async () => {
  const next = random(SEED);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const engines: EmbeddedEngine[] = [await fixture.engine(), await fixture.engine(), await fixture.engine()];
  const organizations = [await fixture.organization(4), await fixture.organization(30)];
  const started: { id: string; organizationId: string }[] = [];
  const signalled = new Map<string, number>();
  const acknowledged = new Set<string>();
  const cancelled = new Set<string>();
  const cut = (names: string) =>
    fixture.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like $1 and random() < 0.5",
      [names],
    );
  const tolerated: Promise<unknown>[] = [];

  const actions: [number, () => Promise<unknown>][] = [
    [
      60,
      async () => {
        const organizationId = pick(organizations);
        const execution = newExecution(organizationId, pick(["mixed", "mixed", "approval", "quick"]));
        const dedupeKey = next() < 0.3 ? `key-${Math.floor(next() * 40)}` : null;
        const { executionId } = await pick(engines).start({ ...execution, event: { ...execution.event, triggerId: "t", dedupeKey } });
        acknowledged.add(executionId);
        started.push({ id: executionId, organizationId });
      },
    ],
    [
      15,
      async () => {
        if (started.length === 0) return;
        const { id, organizationId } = pick(started);
        const taken = await pick(engines).signal({
          organizationId,
          executionId: id,
          event: "resume",
          correlation: `${id}:gate#0`,
          payload: { ok: true },
        });
        if (taken) signalled.set(id, (signalled.get(id) ?? 0) + 1);
      },
    ],
    [
      8,
      async () => {
        if (started.length === 0) return;
        const { id } = pick(started);
        if (await pick(engines).cancel(id)) cancelled.add(id);
      },
    ],
    [6, () => cut("tolstoy%")],
    [2, () => fixture.pool.query("select engine_retire(id) from worker where not fenced order by random() limit 1")],
    [
      2,
      async () => {
        const index = Math.floor(next() * engines.length);
        const old = engines[index]!;
        engines[index] = await fixture.engine();
        await old.stop();
      },
    ],
  ];
  const total = actions.reduce((sum, [weight]) => sum + weight, 0);
  const deadline = Date.now() + SECONDS * 1000;
  while (Date.now() < deadline) {
    let draw = next() * total;
    const [, act] = actions.find(([weight]) => {
      draw -= weight;
      return draw < 0;
    })!;
    // Callers of a process that is stopped, or whose connection was cut, get an error; that is theirs to handle.
    tolerated.push(act().catch(() => {}));
    await new Promise((resolve) => setTimeout(resolve, next() * 8));
  }
  await Promise.all(tolerated);
  const left = async () => {
    const { queued = 0, running = 0, waiting = 0 } = await fixture.statuses();
    return queued + running + waiting;
  };
  await until(left, (count) => count === 0, 30_000);
  expect(await checkInvariants(fixture.pool, { settled: true })).toEqual([]);

  const { rows: ended } = await fixture.pool.query<{ id: string; status: string }>("select id, status from execution");
  const statuses = new Map(ended.map((row) => [row.id, row.status]));
  expect([...acknowledged].filter((id) => !statuses.has(id))).toEqual([]);
  expect([...cancelled].filter((id) => statuses.get(id) !== "cancelled")).toEqual([]);
  expect([...signalled.values()].filter((count) => count > 1)).toEqual([]);
  const { rows: writes } = await fixture.pool.query<{ name: string; finished_at: Date }>(
    "select execution_id || ' ' || key as name, finished_at from execution_step where effect = 'write' and status = 'succeeded'",
  );
  const again = writes.filter(({ name, finished_at }) => begun.get(name)?.some((at) => at > finished_at.getTime()));
  expect(again).toEqual([]);
  const { rows: answers } = await fixture.pool.query<{ execution_id: string; answer: unknown }>(
    `select execution_id, output::json -> 'outputs' -> 0 -> 0 -> 'json' -> 'answer' as answer from execution_step
      where key = 'told#0' and status = 'succeeded'`,
  );
  // A signal that was taken is the one that the execution saw, and none was seen that was not sent.
  const wrong = answers.filter(({ execution_id, answer }) => signalled.has(execution_id) && JSON.stringify(answer) !== '{"ok":true}');
  expect(wrong).toEqual([]);
});
