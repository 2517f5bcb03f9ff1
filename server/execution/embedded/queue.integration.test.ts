import { expect, test } from "vitest";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

const running = new Map<string, number>();
let most = 0;
const order: string[] = [];
let ran = 0;

const fixture = withEngines({
  brief: async (steps, input) => {
    await steps.run(
      "brief",
      async () => {
        const name = input.name as string;
        running.set(name, (running.get(name) ?? 0) + 1);
        most = Math.max(most, running.get(name)!);
        order.push(name);
        await new Promise((resolve) => setTimeout(resolve, 30));
        running.set(name, running.get(name)! - 1);
        return null;
      },
      { effect: "write" },
    );
  },
  count: async (steps) => {
    await steps.run(
      "count",
      () => {
        ran++;
        return null;
      },
      { effect: "write" },
    );
  },
});

test("an organization's limit holds over all processes, whichever way executions begin", async () => {
  const engines = await Promise.all([fixture.engine(), fixture.engine(), fixture.engine()]);
  const organizationId = await fixture.organization(4);
  most = 0;
  let peak = 0;
  const watch = setInterval(async () => {
    const { rows } = await fixture.pool.query("select count(*)::int n from execution where organization_id = $1 and status = 'running'", [
      organizationId,
    ]);
    peak = Math.max(peak, rows[0].n);
  }, 5);
  const ids = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const execution = newExecution(organizationId, "brief", { name: "limited" });
      return (await engines[index % 3]!.start(execution)).executionId;
    }),
  );
  await Promise.all(ids.map((id) => engines[0]!.outcome(id, "end", never())));
  clearInterval(watch);
  expect(most).toBeLessThanOrEqual(4);
  expect(peak).toBeLessThanOrEqual(4);
  expect(peak).toBeGreaterThan(1);
});

test("an organization that floods the queue does not hold up the others", async () => {
  const engine = await fixture.engine({ capacity: 10 });
  const [loud, quiet] = [await fixture.organization(1000), await fixture.organization(1000)];
  const flood = await Promise.all(Array.from({ length: 200 }, () => engine.start(newExecution(loud, "brief", { name: "loud" }))));
  const position = order.length;
  const calm = await Promise.all(Array.from({ length: 5 }, () => engine.start(newExecution(quiet, "brief", { name: "quiet" }))));
  await Promise.all(calm.map(({ executionId }) => engine.outcome(executionId, "end", never())));
  expect(order.slice(position).filter((name) => name === "loud").length).toBeLessThan(60);
  await Promise.all(flood.map(({ executionId }) => engine.outcome(executionId, "end", never())));
});

test("higher priority first, then first come first served", async () => {
  const full = await fixture.engine({ capacity: 0 });
  const organizationId = await fixture.organization();
  const started: string[] = [];
  for (const name of ["a", "b", "c"]) {
    const execution = newExecution(organizationId, "brief", { name });
    await full.start(execution);
    started.push(execution.id);
  }
  await fixture.pool.query("update execution set priority = 5 where id = $1", [started[2]]);
  const position = order.length;
  const engine = await fixture.engine({ capacity: 1 });
  await Promise.all(started.map((id) => engine.outcome(id, "end", never())));
  expect(order.slice(position)).toEqual(["c", "a", "b"]);
});

test("a hundred arrivals with one key at once, over two processes, start one execution", async () => {
  const engines = [await fixture.engine(), await fixture.engine()];
  const organizationId = await fixture.organization();
  ran = 0;
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const execution = newExecution(organizationId, "count");
      return engines[index % 2]!.start({ ...execution, event: { ...execution.event, triggerId: "trigger-1", dedupeKey: "delivery-1" } });
    }),
  );
  const first = answers.find((answer) => !answer.duplicate)!;
  expect(answers.filter((answer) => answer.duplicate)).toHaveLength(99);
  expect(new Set(answers.map((answer) => answer.executionId))).toEqual(new Set([first.executionId]));
  await engines[0]!.outcome(first.executionId, "end", never());
  expect(ran).toBe(1);
  const again = newExecution(organizationId, "count");
  const later = await engines[1]!.start({ ...again, event: { ...again.event, triggerId: "trigger-1", dedupeKey: "delivery-1" } });
  expect(later).toEqual({ executionId: first.executionId, duplicate: true });
  const elsewhere = newExecution(organizationId, "count");
  const other = await engines[1]!.start({ ...elsewhere, event: { ...elsewhere.event, triggerId: "trigger-2", dedupeKey: "delivery-1" } });
  expect(other.duplicate).toBe(false);
  await engines[1]!.outcome(other.executionId, "end", never());
});

test("stopping lets the running step finish and gives the rest back", async () => {
  const engine = await fixture.engine({ capacity: 3 });
  const organizationId = await fixture.organization();
  ran = 0;
  const ids = await Promise.all(
    Array.from({ length: 12 }, async () => (await engine.start(newExecution(organizationId, "brief", { name: "stop" }))).executionId),
  );
  await until(
    () => running.get("stop") ?? 0,
    (count) => count === 3,
  );
  await engine.stop();
  const { running: left = 0, succeeded = 0 } = await fixture.statuses();
  expect(left).toBe(0);
  expect(succeeded).toBeGreaterThanOrEqual(3);
  await expect(engine.start(newExecution(organizationId, "count"))).rejects.toMatchObject({ code: "unavailable" });
  const next = await fixture.engine();
  for (const id of ids) expect((await next.outcome(id, "end", never())).status).toBe("succeeded");
  expect(order.filter((name) => name === "stop")).toHaveLength(12);
});
