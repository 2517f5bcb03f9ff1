import { expect, test } from "vitest";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

let attempts = 0;
const aborted: number[] = [];

const fixture = withEngines({
  long: async (steps) => {
    await steps.run(
      "long",
      ({ signal }) => {
        attempts++;
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            aborted.push(Date.now());
            reject(signal.reason);
          });
        });
      },
      { effect: "write", retry: { maxAttempts: 5, waitMs: 1 } },
    );
  },
  asleep: (steps) => steps.sleep("nap", new Date(Date.now() + 3_600_000)),
  waits: async (steps) => {
    await steps.wait("gate");
  },
  failing: async (steps) => {
    await steps.run("failing", () => Promise.reject(new Error("again")), { retry: { maxAttempts: 20, waitMs: 100 } });
  },
  quick: async (steps) => {
    await steps.run("quick", () => null);
  },
});

const isStatus = (id: string, wanted: string) =>
  until(
    async () => (await fixture.execution(id)).status,
    (status) => status === wanted,
  );

test("a running step gets its signal within 100 ms, from another process too, and no attempt follows", async () => {
  const engine = await fixture.engine();
  const other = await fixture.engine({ capacity: 0 });
  // A machine that stalls is no fault of the engine: the quickest of several counts.
  const took = new Map<typeof engine, number>();
  for (const canceller of [engine, other, engine, other, engine, other]) {
    const execution = newExecution(await fixture.organization(), "long");
    const attemptsBefore = attempts;
    await engine.start(execution);
    await until(
      () => attempts,
      (count) => count === attemptsBefore + 1,
    );
    const at = Date.now();
    expect(await canceller.cancel(execution.id)).toBe(true);
    took.set(canceller, Math.min(took.get(canceller) ?? Number.POSITIVE_INFINITY, aborted.at(-1)! - at));
    expect((await engine.outcome(execution.id, "end", never())).status).toBe("cancelled");
    expect(attempts).toBe(attemptsBefore + 1);
    expect(await canceller.cancel(execution.id)).toBe(false);
  }
  for (const ms of took.values()) expect(ms).toBeLessThan(100);
});

test("a write that a cancel or a time-out cuts off is recorded as one whose effect is not known", async () => {
  const engine = await fixture.engine();
  const graph = { nodes: [], edges: [], settings: { timeoutMs: 200 }, variables: {} };
  const cancelled = newExecution(await fixture.organization(), "long");
  const late = newExecution(await fixture.organization(), "long", {}, { graph });
  const before = attempts;
  await Promise.all([engine.start(cancelled), engine.start(late)]);
  await until(() => attempts === before + 2);
  await engine.cancel(cancelled.id);
  for (const [{ id }, status] of [
    [cancelled, "cancelled"],
    [late, "timed_out"],
  ] as const) {
    expect((await engine.outcome(id, "end", never())).status).toBe(status);
    const steps = await fixture.steps(id);
    expect(steps).toMatchObject([{ key: "long#0", attempt: 1, status: "cancelled", effect: "write" }]);
    expect(steps[0]).toMatchObject({ error: expect.stringContaining("whether it took effect is not known") });
  }
});

test("a queued execution ends at once", async () => {
  const full = await fixture.engine({ capacity: 0 });
  const execution = newExecution(await fixture.organization(), "quick");
  await full.start(execution);
  expect((await fixture.execution(execution.id)).status).toBe("queued");
  expect(await full.cancel(execution.id)).toBe(true);
  expect(await fixture.execution(execution.id)).toMatchObject({ status: "cancelled", seq: 1 });
  expect((await full.outcome(execution.id, "end", never())).status).toBe("cancelled");
});

test("a sleeping and a waiting execution end at once and leave nothing behind", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  for (const flow of ["asleep", "waits"]) {
    const execution = newExecution(organizationId, flow);
    await engine.start(execution);
    await isStatus(execution.id, "waiting");
    const ended = engine.outcome(execution.id, "end", never());
    expect(await engine.cancel(execution.id)).toBe(true);
    expect((await ended).status).toBe("cancelled");
    expect(await engine.cancel(execution.id)).toBe(false);
    const event = { organizationId, executionId: execution.id, event: "resume", correlation: `${execution.id}:gate#0`, payload: {} };
    expect(await engine.signal(event)).toBe(false);
  }
});

test("between two attempts: no further one starts", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "failing");
  await engine.start(execution);
  await until(
    async () => (await fixture.steps(execution.id)).length,
    (count) => count >= 2,
  );
  expect(await engine.cancel(execution.id)).toBe(true);
  const { seq } = await fixture.execution(execution.id);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect((await fixture.steps(execution.id)).length).toBe(seq - 1);
});

test("an ended or unknown execution cannot be cancelled", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "quick");
  await engine.start(execution);
  await engine.outcome(execution.id, "end", never());
  expect(await engine.cancel(execution.id)).toBe(false);
  expect(await engine.cancel("exec_unknown")).toBe(false);
});

test("cancelling while executions start, run and end never leaves one between states", async () => {
  const engine = await fixture.engine();
  const other = await fixture.engine();
  const organizationId = await fixture.organization(5);
  const flows = ["quick", "waits", "asleep", "failing", "long"];
  const ids = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const execution = newExecution(organizationId, flows[index % flows.length]!);
      const starting = (index % 2 ? engine : other).start(execution);
      if (index % 3 === 0) await starting;
      else void starting;
      await new Promise((resolve) => setTimeout(resolve, index % 7));
      await starting;
      await (index % 2 ? other : engine).cancel(execution.id);
      return execution.id;
    }),
  );
  for (const id of ids) expect((await engine.outcome(id, "end", never())).status).toMatch(/cancelled|succeeded/);
});
