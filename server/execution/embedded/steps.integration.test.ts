import { expect, test } from "vitest";
import { FatalError, RetryAfterError } from "@/flow/execution/errors";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

const calls: { name: string; at: number }[] = [];
const called = (name: string) => {
  calls.push({ name, at: Date.now() });
  return calls.filter((call) => call.name === name).length;
};
const times = (name: string) => calls.filter((call) => call.name === name).map((call) => call.at);

const fixture = withEngines({
  ten: async (steps) => {
    for (let index = 0; index < 10; index++) await steps.run(`s${index}`, () => ({ index }));
  },
  flaky: async (steps, input) => {
    await steps.run(
      "flaky",
      () => {
        if (called(input.name as string) < 3) throw new Error("not yet");
        return { done: true };
      },
      { retry: { maxAttempts: 3, waitMs: 40, backoff: "exponential" } },
    );
  },
  slowRetry: async (steps, input) => {
    await steps.run(
      "slow",
      () => {
        if (called(input.name as string) < 2) throw new Error("not yet");
        return { done: true };
      },
      { retry: { maxAttempts: 2, waitMs: 600 } },
    );
  },
  fatal: async (steps) => {
    await steps.run(
      "fatal",
      () => {
        called("fatal");
        throw new FatalError("wrong for good");
      },
      { retry: { maxAttempts: 5, waitMs: 1 } },
    );
  },
  retryAfter: async (steps) => {
    await steps.run(
      "limited",
      () => {
        if (called("limited") < 2) throw new RetryAfterError("too many", 150);
        return null;
      },
      { retry: { maxAttempts: 3, waitMs: 1 } },
    );
  },
  large: async (steps) => {
    const text = await steps.run("big", () => ({ text: "ü".repeat(50_000) }));
    await steps.run("after", () => ({ length: (text as { text: string }).text.length }));
    await steps.wait("gate");
    await steps.run("size", () => ({ again: (text as { text: string }).text.length }));
  },
  nul: async (steps) => {
    await steps.run("nul", () => ({ text: "a\u0000b \ud800 ü" }));
  },
  tooLarge: async (steps) => {
    await steps.run("huge", () => ({ text: "x".repeat(3000) }));
  },
  beside: async (steps) => {
    const slow = steps.run("slow", async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return { slow: true };
    });
    await Promise.all([slow, steps.run("fails", () => Promise.reject(new FatalError("no")))]);
  },
});

test("ten pure steps are recorded and answered, in two commits at most", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "ten");
  expect(await engine.start(execution)).toEqual({ executionId: execution.id, duplicate: false });
  const outcome = await engine.outcome(execution.id, "end", never());
  expect(outcome).toEqual({ status: "succeeded", error: null, response: null, lastItems: [{ json: { index: 9 } }] });
  expect(await fixture.steps(execution.id)).toHaveLength(10);
  expect(await fixture.execution(execution.id)).toMatchObject({ status: "succeeded", seq: 11, worker_id: null });
});

test("an outcome can be asked for later, and by another process", async () => {
  const engine = await fixture.engine();
  const other = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "ten");
  await engine.start(execution);
  const asked = other.outcome(execution.id, "end", never());
  expect((await asked).lastItems).toEqual([{ json: { index: 9 } }]);
  await expect(other.outcome("exec_unknown", "end", never())).rejects.toMatchObject({ code: "not_found" });
  await expect(engine.outcome("exec_other", "end", AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
});

test("live events tell the same as the rows, in order", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "ten");
  await engine.start(execution);
  await engine.outcome(execution.id, "end", never());
  const steps = fixture.events.filter((event) => event.type === "step");
  expect(steps.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(fixture.events.at(-1)).toMatchObject({ type: "execution", seq: 11, execution: { status: "succeeded", seq: 11 } });
});

test("a failing step is tried again after its backoff, then succeeds", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "flaky", { name: "flaky" });
  await engine.start(execution);
  expect((await engine.outcome(execution.id, "end", never())).status).toBe("succeeded");
  const [first, second, third] = times("flaky");
  expect(second! - first!).toBeGreaterThanOrEqual(40);
  expect(third! - second!).toBeGreaterThanOrEqual(80);
  expect((await fixture.steps(execution.id)).map((step) => step.status)).toEqual(["failed", "failed", "succeeded"]);
});

test("a long backoff is spent in the database, and no attempt is lost or repeated", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "slowRetry", { name: "slow" });
  await engine.start(execution);
  await until(
    async () => (await fixture.execution(execution.id)).status,
    (status) => status === "waiting",
  );
  await until(
    () => engine.running,
    (running) => running === 0,
  );
  expect((await engine.outcome(execution.id, "end", never())).status).toBe("succeeded");
  const [first, second, ...more] = times("slow");
  expect(second! - first!).toBeGreaterThanOrEqual(600);
  expect(more).toEqual([]);
});

test("a fatal error is not retried, and names its node", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "fatal");
  await engine.start(execution);
  expect(await engine.outcome(execution.id, "end", never())).toMatchObject({
    status: "failed",
    error: { nodeId: "fatal", message: "wrong for good" },
  });
  expect(times("fatal")).toHaveLength(1);
});

test("an error that says when to retry is obeyed", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "retryAfter");
  await engine.start(execution);
  expect((await engine.outcome(execution.id, "end", never())).status).toBe("succeeded");
  const [first, second] = times("limited");
  expect(second! - first!).toBeGreaterThanOrEqual(150);
});

test("a large output lives in the payload store and survives a recovery", async () => {
  const engine = await fixture.engine();
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "large", { text: "x".repeat(70_000) });
  await engine.start(execution);
  await until(
    async () => (await fixture.execution(execution.id)).status,
    (status) => status === "waiting",
  );
  const [big] = await fixture.steps(execution.id);
  expect(big).toMatchObject({ output: null, payload_id: expect.stringMatching(/^pay_/) });
  const taken = await engine.signal({
    organizationId,
    executionId: execution.id,
    event: "resume",
    correlation: `${execution.id}:gate#0`,
    payload: {},
  });
  expect(taken).toBe(true);
  expect((await engine.outcome(execution.id, "end", never())).lastItems).toEqual([{ json: { again: 50_000 } }]);
});

test("text that JSON columns refuse is kept", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "nul", { text: "\u0000" });
  await engine.start(execution);
  await engine.outcome(execution.id, "end", never());
  const [step] = await fixture.steps(execution.id);
  expect(JSON.parse(step!.output!).outputs[0][0].json.text).toBe("a\u0000b \ud800 ü");
});

test("an output above the limit fails its step with the reason", async () => {
  const engine = await fixture.engine({ maxOutputBytes: 2000 });
  const execution = newExecution(await fixture.organization(), "tooLarge");
  await engine.start(execution);
  const { error } = await engine.outcome(execution.id, "end", never());
  expect(error?.message).toMatch(/can be passed on/);
});

test("when a step fails, what runs beside it is recorded before the execution ends", async () => {
  const engine = await fixture.engine();
  const execution = newExecution(await fixture.organization(), "beside");
  await engine.start(execution);
  expect((await engine.outcome(execution.id, "end", never())).status).toBe("failed");
  expect((await fixture.steps(execution.id)).map((step) => `${step.key} ${step.status}`)).toEqual(["fails#0 failed", "slow#0 succeeded"]);
});

test("an execution whose journal cannot be read fails, and is not tried forever", async () => {
  const asleep = await fixture.engine({ capacity: 0 });
  const organizationId = await fixture.organization();
  const execution = newExecution(organizationId, "ten");
  await asleep.start(execution);
  await fixture.pool.query(
    `insert into execution_step (execution_id, seq, organization_id, key, node_id, run_index, attempt, status, effect, error)
      values ($1, 1, $2, 's0#0', 's0', 0, 1, 'failed', 'pure', 'not JSON')`,
    [execution.id, organizationId],
  );
  await fixture.pool.query("update execution set claim_no = 1 where id = $1", [execution.id]);
  const engine = await fixture.engine();
  expect((await engine.outcome(execution.id, "end", never())).status).toBe("failed");
  expect(await fixture.execution(execution.id)).toMatchObject({ status: "failed", seq: 2 });
});
