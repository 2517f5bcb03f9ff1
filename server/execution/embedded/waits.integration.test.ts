import { expect, test } from "vitest";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

const before: string[] = [];

const fixture = withEngines({
  nap: async (steps, input) => {
    await steps.run("before", () => {
      before.push(input.name as string);
      return null;
    });
    await steps.sleep("nap", new Date(input.until as string));
    await steps.run("after", () => ({ at: Date.now() }));
  },
  approval: async (steps, input) => {
    const answer = await steps.wait("approval", typeof input.until === "string" ? new Date(input.until) : undefined);
    await steps.run("after", () => ({ answer }));
  },
  both: async (steps) => {
    await Promise.all([
      steps.wait("first"),
      steps.sleep("second", new Date(Date.now() + 500)),
      steps.run("third", () => new Promise((resolve) => setTimeout(() => resolve({ done: true }), 50))),
    ]);
    await steps.run("after", () => ({ all: true }));
  },
  busyBeside: async (steps) => {
    await Promise.all([
      steps.wait("gate").then(() => steps.run("passed", () => ({ at: Date.now() }))),
      steps.run("slow", () => new Promise((resolve) => setTimeout(() => resolve({ at: Date.now() }), 1500))),
    ]);
  },
});

const isStatus = (id: string, wanted: string) =>
  until(
    async () => (await fixture.execution(id)).status,
    (status) => status === wanted,
  );
const resume = (organizationId: string, executionId: string, key = "approval#0", payload: object = { ok: true }) => ({
  organizationId,
  executionId,
  event: "resume",
  correlation: `${executionId}:${key}`,
  payload: payload as { ok: boolean },
});

test("a sleep holds nothing in memory, is never early, and runs nothing before it again", async () => {
  const engine = await fixture.engine();
  const wakeAt = Date.now() + 800;
  const execution = newExecution(await fixture.organization(), "nap", { name: "nap", until: new Date(wakeAt).toISOString() });
  await engine.start(execution);
  await isStatus(execution.id, "waiting");
  await until(
    () => engine.running,
    (running) => running === 0,
  );
  const { lastItems } = await engine.outcome(execution.id, "end", never());
  expect(lastItems?.[0]?.json.at as number).toBeGreaterThanOrEqual(wakeAt);
  expect(lastItems?.[0]?.json.at as number).toBeLessThan(wakeAt + 1000);
  expect(before.filter((name) => name === "nap")).toHaveLength(1);
});

test("a sleep that another process has parked is woken here when that one is gone", async () => {
  const first = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "nap", { name: "handed", until: new Date(Date.now() + 600).toISOString() });
  await first.start(execution);
  await isStatus(execution.id, "waiting");
  await first.stop();
  const second = await fixture.engine();
  expect((await second.outcome(execution.id, "end", never())).status).toBe("succeeded");
});

test("an event resumes the wait with its payload, once", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "approval");
  await engine.start(execution);
  await isStatus(execution.id, "waiting");
  const taken = await Promise.all([1, 2, 3, 4, 5].map((by) => engine.signal(resume(organizationId, execution.id, "approval#0", { by }))));
  expect(taken.filter(Boolean)).toHaveLength(1);
  const { lastItems } = await engine.outcome(execution.id, "end", never());
  expect(lastItems).toEqual([{ json: { answer: { by: taken.indexOf(true) + 1 } } }]);
  expect(await engine.signal(resume(organizationId, execution.id))).toBe(false);
});

test("an event that came before the wait is found", async () => {
  const asleep = await fixture.engine({ capacity: 0 });
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "approval");
  await asleep.start(execution);
  expect(await asleep.signal(resume(organizationId, execution.id))).toBe(true);
  const engine = await fixture.engine();
  expect((await engine.outcome(execution.id, "end", never())).lastItems).toEqual([{ json: { answer: { ok: true } } }]);
});

test("an event for another organization's execution is not taken", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "approval");
  await engine.start(execution);
  await isStatus(execution.id, "waiting");
  expect(await engine.signal(resume(await fixture.organization(), execution.id))).toBe(false);
  await engine.cancel(execution.id);
});

test("a wait that runs out goes on without a payload, and an event after that is refused", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "approval", { until: new Date(Date.now() + 600).toISOString() });
  await engine.start(execution);
  await isStatus(execution.id, "waiting");
  expect((await engine.outcome(execution.id, "end", never())).lastItems).toEqual([{ json: { answer: null } }]);
  expect(await engine.signal(resume(organizationId, execution.id))).toBe(false);
});

test("an event and the end of the wait at the same instant agree on who won", async () => {
  const engine = await fixture.engine({ pollMs: 50 });
  const organizationId = await fixture.organization();
  const started = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const execution = newExecution(organizationId, "approval", { until: new Date(Date.now() + 500).toISOString() });
      await engine.start(execution);
      return execution.id;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 480));
  const results = await Promise.all(
    started.map(async (id, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 2));
      const taken = await engine.signal(resume(organizationId, id));
      const { lastItems } = await engine.outcome(id, "end", never());
      return { taken, answer: lastItems?.[0]?.json.answer };
    }),
  );
  for (const { taken, answer } of results) expect(answer).toEqual(taken ? { ok: true } : null);
});

test("branches wait beside each other, and a parked run goes on when the first of them is due", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "both");
  await engine.start(execution);
  await isStatus(execution.id, "waiting");
  expect(await engine.signal(resume(organizationId, execution.id, "first#0"))).toBe(true);
  expect((await engine.outcome(execution.id, "end", never())).lastItems).toEqual([{ json: { all: true } }]);
});

test("an event reaches a run that is busy elsewhere, from another process too", async () => {
  const engine = await fixture.engine();
  const other = await fixture.engine({ capacity: 0 });
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "busyBeside");
  await engine.start(execution);
  await until(
    async () => (await fixture.pool.query("select 1 from execution_wait where execution_id = $1", [execution.id])).rowCount,
    (n) => n === 1,
  );
  expect(await other.signal(resume(organizationId, execution.id, "gate#0"))).toBe(true);
  await engine.outcome(execution.id, "end", never());
  const keys = (await fixture.steps(execution.id)).map((step) => step.key);
  expect(keys.indexOf("passed#0")).toBeLessThan(keys.indexOf("slow#0"));
});
