import { expect, test } from "vitest";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

const effects = new Map<string, number>();

const fixture = withEngines({
  writes: async (steps, input) => {
    for (let index = 0; index < 6; index++) {
      await steps.run(
        `write${index}`,
        async () => {
          const name = `${input.n} ${index}`;
          effects.set(name, (effects.get(name) ?? 0) + 1);
          await new Promise((resolve) => setTimeout(resolve, 2));
          return { index };
        },
        { effect: "write" },
      );
    }
  },
  unstorable: async (steps) => {
    await steps.run("good", () => ({ good: true }));
    await steps.run("bad\u0000name", () => ({ bad: true }));
  },
  fine: async (steps) => {
    await steps.run("fine", () => ({ fine: true }));
  },
});

const terminate = (what: string) =>
  fixture.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like $1",
    [what],
  );

test("connections that are cut during flushes cost nothing: every write runs once, every execution ends", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  effects.clear();
  const ids: string[] = [];
  for (let cut = 0; cut < 15; cut++) {
    const done = effects.size;
    const executions = Array.from({ length: 4 }, (_, n) => newExecution(organizationId, "writes", { n: cut * 4 + n }));
    ids.push(...executions.map((execution) => execution.id));
    const starting = executions.map((execution) => engine.start(execution));
    await terminate("tolstoy journal");
    for (const [n, start] of (await Promise.all(starting)).entries()) {
      expect(start).toEqual({ executionId: executions[n]!.id, duplicate: false });
    }
    await until(
      () => effects.size,
      (size) => size > done,
    );
    await terminate("tolstoy journal");
  }
  await Promise.all(ids.map(async (id) => expect((await engine.outcome(id, "end", never())).status).toBe("succeeded")));
  expect([...effects.values()].filter((count) => count !== 1)).toEqual([]);
  expect(effects.size).toBe(360);
});

test("all connections are cut at once, sessions and locks too: the engine comes back as it was", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  effects.clear();
  const first = newExecution(organizationId, "writes", { n: "all" });
  await engine.start(first);
  await terminate("tolstoy%");
  expect((await engine.outcome(first.id, "end", never())).status).toBe("succeeded");
  const locked = async () =>
    (await fixture.pool.query("select 1 from pg_locks where locktype = 'advisory' and classid = 7707 and granted")).rowCount;
  await until(locked, (count) => count === 1);
  const second = newExecution(organizationId, "writes", { n: "after" });
  await engine.start(second);
  expect((await engine.outcome(second.id, "end", never())).status).toBe("succeeded");
  expect([...effects.values()].every((count) => count === 1)).toBe(true);
});

test("a worker that another one declared dead lets go at once and carries on under a new name", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  effects.clear();
  const executions = Array.from({ length: 20 }, (_, n) => newExecution(organizationId, "writes", { n: `fenced ${n}` }));
  const starting = executions.map((execution) => engine.start(execution));
  await until(
    () => effects.size,
    (size) => size > 10,
  );
  await fixture.pool.query("select engine_retire(id) from worker where not fenced");
  for (const start of await Promise.all(starting)) expect(start.duplicate).toBe(false);
  for (const { id } of executions) expect((await engine.outcome(id, "end", never())).status).toBe("succeeded");
  const { rows } = await fixture.pool.query(
    "select count(*) filter (where fenced)::int as fenced, count(*) filter (where not fenced)::int as alive from worker",
  );
  expect(rows[0].fenced).toBeGreaterThanOrEqual(1);
  expect(rows[0].alive).toBe(1);
});

test("a result that the database refuses fails its own execution only", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  const bad = newExecution(organizationId, "unstorable");
  const good = Array.from({ length: 10 }, () => newExecution(organizationId, "fine"));
  await Promise.all([bad, ...good].map((execution) => engine.start(execution)));
  expect(await engine.outcome(bad.id, "end", never())).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("could not be stored") },
  });
  for (const { id } of good) expect((await engine.outcome(id, "end", never())).status).toBe("succeeded");
});
