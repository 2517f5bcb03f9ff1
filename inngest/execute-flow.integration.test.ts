import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import type { JsonObject } from "@/flow/item";
import { liveBus } from "@/server/realtime/bus";
import { type Harness, ORGANIZATION, startHarness, until } from "./testing/harness";

const chain = (length: number, type = "mark") => {
  const names = Array.from({ length }, (_, index) => `N${index + 1}`);
  const nodes = Object.fromEntries(names.map((name) => [name, { type }]));
  return sketch({ Start: { type: "start" }, ...nodes }, [
    "Start -> N1",
    ...names.slice(1).map((name, index) => `${names[index]} -> ${name}`),
  ]);
};
const items = (output: string | null): JsonObject[] =>
  (JSON.parse(output ?? "{}").outputs[0] as { json: JsonObject }[]).map(({ json }) => json);

// At 140 ms the server takes its time before each call, as a real one does: only then do duplicate steps show.
describe.each([{ tickMs: 0 }, { tickMs: 140 }])("executions on Inngest (latency $tickMs ms)", ({ tickMs }) => {
  let at: Harness;
  beforeAll(async () => {
    at = await startHarness({ tickMs });
  });
  afterAll(async () => {
    expect(await at.observe.violations()).toEqual([]);
    await at.close();
  });

  it("runs ten steps, with their outputs in our journal and none in Inngest", async () => {
    const id = await at.run(chain(10), { secret: "kept at home" });
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded", seq: 12, last_key: "N10#0" });
    const steps = await at.observe.steps(id);
    expect(steps.map(({ key }) => key)).toEqual(["Start#0", ...Array.from({ length: 10 }, (_, index) => `N${index + 1}#0`)]);
    expect(items(steps[10]!.output)).toEqual([{ secret: "kept at home", by: "N10" }]);
    expect(JSON.stringify(at.server.events()) + JSON.stringify(at.server.runs())).not.toContain("kept at home");
  });

  it("goes on in one branch while the other sleeps for three days", async () => {
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const graph = sketch(
      {
        Start: { type: "start" },
        Sleep: { type: "sleep", parameters: { until } },
        After: {},
        A: { type: "hit" },
        B: { type: "hit" },
        C: { type: "hit" },
      },
      ["Start -> Sleep", "Sleep -> After", "Start -> A", "A -> B", "B -> C"],
    );
    const id = await at.run(graph);
    const waiting = await at.observe.has(id, "waiting");
    expect(waiting.wake_at?.toISOString()).toBe(until);
    expect((await at.observe.journal(id)).sort()).toEqual(
      ["A#0 succeeded", "B#0 succeeded", "C#0 succeeded", "Sleep#0 waiting", "Start#0 succeeded"].sort(),
    );
    for (const name of ["A", "B", "C"]) expect(at.effects.count(`done ${id} ${name}#0`)).toBe(1);
    expect(await at.app.engine.cancel(id)).toBe(true);
  });

  it("runs each step of wide parallel branches, and of what follows them, once", async () => {
    const wide = ["W1", "W2", "W3", "W4", "W5", "W6"];
    const graph = sketch(
      {
        Start: { type: "start" },
        ...Object.fromEntries(wide.map((name) => [name, { type: "hit" }])),
        ...Object.fromEntries(wide.map((name) => [`${name}b`, { type: "hit" }])),
        Tail: { type: "hit" },
        Tail2: { type: "hit" },
      },
      [...wide.flatMap((name) => [`Start -> ${name}`, `${name} -> ${name}b`]), "W1b -> Tail", "Tail -> Tail2"],
    );
    const ids = await Promise.all(Array.from({ length: 5 }, () => at.run(graph)));
    for (const id of ids) expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    const done = [...at.effects.all()].filter(([key]) => ids.some((id) => key.startsWith(`try ${id}`)));
    expect(done).toHaveLength(ids.length * 14);
    expect(done.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it("follows a loop that forks inside", async () => {
    const graph = sketch(
      { Start: { type: "start" }, Loop: { type: "loop", parameters: { times: 3 } }, A: { type: "hit" }, B: { type: "hit" }, End: {} },
      ["Start -> Loop", "Loop.again -> A", "Loop.again -> B", "A -> Loop", "Loop.done -> End"],
    );
    const id = await at.run(graph);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    for (const key of ["A#0", "A#1", "A#2", "B#0", "B#1", "B#2"]) expect(at.effects.count(`try ${id} ${key}`)).toBe(1);
  });

  it.skipIf(tickMs > 0)("goes on in another run when one has made as many steps as it may", { timeout: 90_000 }, async () => {
    const graph = sketch({ Start: { type: "start" }, Loop: { type: "loop", parameters: { times: 40 } }, Again: {}, End: { type: "hit" } }, [
      "Start -> Loop",
      "Loop.again -> Again",
      "Again -> Loop",
      "Loop.done -> End",
    ]);
    const id = await at.run(graph);
    expect(await at.observe.ended(id, 80_000)).toMatchObject({ status: "succeeded", last_key: "End#0", seq: 84 });
    const runs = at.server.runs("execute-flow").filter((run) => run.event.data.executionId === id);
    expect(runs.map((run) => (run.output as { status: string }).status)).toEqual(["continued", "succeeded"]);
    expect(runs.map((run) => run.steps.length)).toEqual([61, 23]);
    expect(at.effects.count(`done ${id} End#0`)).toBe(1);
  });

  it("tries a failing step again, not before its time, and goes on", async () => {
    const graph = sketch(
      {
        Start: { type: "start" },
        Try: { type: "hit", parameters: { fails: 2 }, settings: { retry: { maxAttempts: 3, waitMs: 300, backoff: "exponential" } } },
        After: {},
      },
      ["Start -> Try", "Try -> After"],
    );
    const id = await at.run(graph);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    const tries = (await at.observe.steps(id)).filter(({ key }) => key === "Try#0");
    expect(tries.map(({ attempt, status }) => `${attempt} ${status}`)).toEqual(["1 failed", "2 failed", "3 succeeded"]);
    expect(tries[1]!.started_at!.getTime()).toBeGreaterThanOrEqual(tries[0]!.wake_at!.getTime());
    expect(tries[0]!.wake_at!.getTime() - tries[0]!.finished_at!.getTime()).toBeGreaterThanOrEqual(295);
    expect(tries[1]!.wake_at!.getTime() - tries[1]!.finished_at!.getTime()).toBeGreaterThanOrEqual(595);
    expect(tries[2]!.started_at!.getTime()).toBeGreaterThanOrEqual(tries[1]!.wake_at!.getTime());
  });

  it("fails with the node's name once its attempts are used up, and calls nothing twice", async () => {
    const graph = sketch(
      {
        Start: { type: "start" },
        Broken: { type: "hit", parameters: { fails: 9 }, settings: { retry: { maxAttempts: 2, waitMs: 100, backoff: "fixed" } } },
        Beside: { type: "hit" },
        After: { type: "hit" },
      },
      ["Start -> Broken", "Start -> Beside", "Broken -> After"],
    );
    const id = await at.run(graph);
    const row = await at.observe.ended(id);
    expect(row.status).toBe("failed");
    expect(JSON.parse(row.error!)).toEqual({ nodeId: "Broken", nodeName: "Broken", message: "attempt 2 of Broken failed" });
    await until("the run has failed on Inngest too", () =>
      at.server.runs("execute-flow").some((run) => run.event.data.executionId === id && run.status === "Failed"),
    );
    expect(at.effects.count(`try ${id} Broken#0`)).toBe(2);
    expect(at.effects.count(`try ${id} After#0`)).toBe(0);
  });

  it("sleeps, and journals the waiting and its end", async () => {
    const wakeAt = new Date(Date.now() + 1200);
    const graph = sketch({ Start: { type: "start" }, Sleep: { type: "sleep", parameters: { until: wakeAt.toISOString() } }, After: {} }, [
      "Start -> Sleep",
      "Sleep -> After",
    ]);
    const id = await at.run(graph, { n: 1 });
    await at.observe.has(id, "waiting");
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    const steps = await at.observe.steps(id);
    expect(steps.map(({ key, status }) => `${key} ${status}`)).toEqual([
      "Start#0 succeeded",
      "Sleep#0 waiting",
      "Sleep#0 succeeded",
      "After#0 succeeded",
    ]);
    expect(steps[2]).toMatchObject({ counts: [1], output: '{"payload":null}' });
    expect(steps[2]!.finished_at!.getTime()).toBeGreaterThanOrEqual(wakeAt.getTime());
  });

  const ask = sketch({ Start: { type: "start" }, Ask: { type: "ask" }, After: {} }, ["Start -> Ask", "Ask -> After"]);
  const resume = (id: string, payload: JsonObject) =>
    at.app.engine.signal({ organizationId: ORGANIZATION, executionId: id, event: "resume", correlation: `${id}:Ask#0`, payload });

  it("waits for an event and passes its payload on, once", async () => {
    const id = await at.run(ask, { n: 1 });
    await at.observe.has(id, "waiting");
    expect(await resume(id, { approved: true })).toBe(true);
    expect(await resume(id, { approved: false })).toBe(false);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    const steps = await at.observe.steps(id);
    expect(steps.map(({ key, status }) => `${key} ${status}`)).toEqual([
      "Start#0 succeeded",
      "Ask#0 waiting",
      "Ask#0 succeeded",
      "After#0 succeeded",
    ]);
    expect(items(steps[3]!.output)).toEqual([{ n: 1, approval: { approved: true }, by: "After" }]);
    expect(await resume(id, { approved: true })).toBe(false);
  });

  it("takes an event that came before the wait", async () => {
    const slow = sketch({ Start: { type: "start" }, Slow: { type: "hit", parameters: { ms: 200 } }, Ask: { type: "ask" } }, [
      "Start -> Slow",
      "Slow -> Ask",
    ]);
    const id = await at.run(slow);
    expect(await resume(id, { early: true })).toBe(true);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    expect((await at.observe.steps(id)).at(-1)).toMatchObject({ key: "Ask#0", status: "succeeded", output: '{"payload":{"early":true}}' });
  });

  it("ends an execution that it is told to cancel, and what runs of it", async () => {
    const graph = sketch({ Start: { type: "start" }, Hold: { type: "hold" }, After: { type: "hit" } }, ["Start -> Hold", "Hold -> After"]);
    const id = await at.run(graph);
    await until("the step holds", () => at.effects.count(`holding ${id}`) === 1);
    expect(liveBus.atWork(id)).toMatchObject([{ type: "hint", key: "Hold#0", attempt: 1 }]);
    expect(await at.app.engine.cancel(id)).toBe(true);
    expect(await at.observe.execution(id)).toMatchObject({ status: "cancelled" });
    await until("the step was aborted", () => at.effects.count(`aborted ${id}`) === 1);
    await until("the run has ended on Inngest too", () =>
      at.server.runs("execute-flow").some((run) => run.event.data.executionId === id && run.status !== "Running"),
    );
    expect(liveBus.atWork(id)).toEqual([]);
    expect(await at.app.engine.cancel(id)).toBe(false);
    expect(at.effects.count(`try ${id} After#0`)).toBe(0);
    expect((await at.observe.journal(id)).filter((line) => line.startsWith("Hold"))).toEqual([expect.stringContaining("cancelled")]);
  });
});
