import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LiveEvent } from "@/flow/execution/events";
import { sketch } from "@/flow/interpreter/testing/registry";
import { newTriggerEventId } from "@/server/execution/ids";
import { liveBus } from "@/server/realtime/bus";
import { type Harness, newExecution, ORGANIZATION, startHarness, until } from "./testing/harness";

const three = sketch({ Start: { type: "start" }, A: { type: "hit" }, B: { type: "hit" } }, ["Start -> A", "A -> B"]);

describe("when something is lost or comes twice", () => {
  let at: Harness;
  beforeAll(async () => {
    at = await startHarness();
  });
  afterAll(async () => {
    expect(await at.observe.violations()).toEqual([]);
    await at.close();
  });

  const runsOf = (id: string) => at.server.runs("execute-flow").filter((run) => run.event.data.executionId === id);
  const triedOnce = (id: string, ...keys: string[]) => {
    for (const key of keys) expect([key, at.effects.count(`try ${id} ${key}`)]).toEqual([key, 1]);
  };

  it("starts one execution for an arrival that comes twice", async () => {
    const arrival = () =>
      newExecution(three, { event: { id: newTriggerEventId(), triggerId: "trigger", type: "webhook", dedupeKey: "delivery-1" } });
    const started = await Promise.all([at.app.engine.start(arrival()), at.app.engine.start(arrival()), at.app.engine.start(arrival())]);
    expect(started.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(started.map(({ executionId }) => executionId)).size).toBe(1);
    await at.observe.ended(started[0]!.executionId);
    expect(
      (await at.app.pool.query("select 1 from execution where id = any($1)", [started.map(({ executionId }) => executionId)])).rowCount,
    ).toBe(1);
  });

  it("lets one Inngest run have an execution whose event was delivered twice", async () => {
    const id = await at.run(three);
    const { inngest } = await import("./client");
    const data = { executionId: id, organizationId: ORGANIZATION, flowId: "flow_test" };
    await inngest.send([
      { name: "flow/execute", data },
      { name: "flow/execute", data },
    ]);
    await at.observe.ended(id);
    await until("all three runs are over", () => runsOf(id).length === 3 && runsOf(id).every((run) => run.status === "Completed"));
    expect(
      runsOf(id)
        .map((run) => (run.output as { status: string }).status)
        .sort(),
    ).toEqual(["skipped", "skipped", "succeeded"]);
    triedOnce(id, "A#0", "B#0");
  });

  it("does not run a step again when the answer about it is lost", async () => {
    // A branch in parallel: its steps are called for one by one, so each answer is the only word of its step.
    const graph = sketch({ Start: { type: "start" }, A: { type: "hit" }, B: { type: "hit" }, C: { type: "hit" } }, [
      "Start -> A",
      "Start -> B",
      "A -> C",
    ]);
    at.server.dropNextAnswer({ fn: "execute-flow", step: "A#0" });
    at.server.dropNextAnswer({ fn: "execute-flow", step: "C#0" });
    const id = await at.run(graph);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    expect(runsOf(id)[0]!.calls.filter((call) => call.dropped)).toHaveLength(2);
    triedOnce(id, "A#0", "B#0", "C#0");
  });

  it("sends an execution again whose event was lost", async () => {
    at.server.loseNextEvents(1);
    const id = await at.run(three);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    triedOnce(id, "A#0", "B#0");
  });

  it("records an execution while Inngest refuses to work, and runs it later", async () => {
    at.server.refuse(true);
    const id = await at.run(three);
    expect(await at.observe.execution(id)).toMatchObject({ status: "queued" });
    at.server.refuse(false);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
  });

  it("announces a stored signal again until its wait has it", async () => {
    const id = await at.run(sketch({ Start: { type: "start" }, Ask: { type: "ask" } }, ["Start -> Ask"]));
    await at.observe.has(id, "waiting");
    // As if the event had been sent in the moment before Inngest began to wait for it.
    await at.app.pool.query(
      "insert into execution_signal (organization_id, execution_id, event, correlation, payload) values ($1, $2, 'resume', $3, '{\"ok\":1}')",
      [ORGANIZATION, id, `${id}:Ask#0`],
    );
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded" });
    expect((await at.observe.steps(id)).at(-1)).toMatchObject({ output: '{"payload":{"ok":1}}' });
  });

  it("ends a wait whose time has run out, and refuses an event that comes later", async () => {
    const deadline = new Date(Date.now() + 1100);
    const graph = sketch(
      { Start: { type: "start" }, Ask: { type: "ask-until", parameters: { until: deadline.toISOString() } }, Hold: { type: "hold" } },
      ["Start -> Ask", "Ask -> Hold"],
    );
    const id = await at.run(graph, { n: 1 });
    const signal = () =>
      at.app.engine.signal({ organizationId: ORGANIZATION, executionId: id, event: "resume", correlation: `${id}:Ask#0`, payload: 1 });
    await until("the next step runs", () => at.effects.count(`holding ${id}`) === 1);
    const ended = (await at.observe.steps(id)).at(-1)!;
    expect(ended).toMatchObject({ key: "Ask#0", status: "succeeded", counts: [1], output: '{"payload":null}' });
    expect(ended.finished_at!.getTime()).toBeGreaterThanOrEqual(deadline.getTime());
    expect(await signal()).toBe(false);
    await at.app.engine.cancel(id);
  });

  it("refuses a signal for another organization's execution, and one that is too large", async () => {
    const id = await at.run(sketch({ Start: { type: "start" }, Ask: { type: "ask" } }, ["Start -> Ask"]));
    const signal = (organizationId: string, payload: string) =>
      at.app.engine.signal({ organizationId, executionId: id, event: "resume", correlation: `${id}:Ask#0`, payload });
    expect(await signal("org_other", "hello")).toBe(false);
    await expect(signal(ORGANIZATION, "x".repeat(2_000_000))).rejects.toMatchObject({ code: "too_large" });
    await at.app.engine.cancel(id);
  });

  it("keeps outputs of many megabytes out of the row and out of Inngest", async () => {
    const graph = sketch({ Start: { type: "start" }, Big: { type: "big", parameters: { bytes: 6_000_000 } }, After: {} }, [
      "Start -> Big",
      "Big -> After",
    ]);
    const id = await at.run(graph);
    expect(await at.observe.ended(id)).toMatchObject({ status: "succeeded", last_key: "After#0" });
    expect((await at.observe.steps(id)).map(({ output }) => output === null)).toEqual([false, true, true]);
    expect(JSON.stringify(runsOf(id)).length).toBeLessThan(20_000);
    const outcome = await at.app.engine.outcome(id, "end", AbortSignal.timeout(5000));
    expect((outcome.lastItems![0]!.json.text as string).length).toBe(6_000_000);
  });

  it("fails an execution, and says why, when an output that a step needs is gone", async () => {
    const graph = sketch(
      {
        Start: { type: "start" },
        Big: { type: "big", parameters: { bytes: 100_000 } },
        Ask: { type: "ask" },
        After: { parameters: { set: { size: "={{ $('Big').first().json.text.length }}" } } },
      },
      ["Start -> Big", "Big -> Ask", "Ask -> After"],
    );
    const id = await at.run(graph);
    await at.observe.has(id, "waiting");
    await at.app.pool.query("delete from payload where execution_id = $1", [id]);
    await at.app.engine.signal({ organizationId: ORGANIZATION, executionId: id, event: "resume", correlation: `${id}:Ask#0`, payload: 1 });
    const row = await at.observe.ended(id, 25_000);
    expect(row.status).toBe("failed");
    expect(JSON.parse(row.error!).message).toContain("missing from the payload store");
    await at.app.pool.query("delete from execution_step where execution_id = $1", [id]);
    await at.app.pool.query("update execution set seq = 1 where id = $1", [id]);
  });

  it("fails an execution that Inngest gave up, with the reason", async () => {
    const broken = newExecution(three);
    const id = (await at.app.engine.start({ ...broken, graph: { nodes: "nonsense", settings: {} } as never })).executionId;
    const row = await at.observe.ended(id, 25_000);
    expect(row.status).toBe("failed");
    expect(JSON.parse(row.error!)).toMatchObject({ nodeId: null });
  });

  it("cancels an execution whose run was cancelled in Inngest", async () => {
    const id = await at.run(sketch({ Start: { type: "start" }, Hold: { type: "hold" } }, ["Start -> Hold"]));
    await until("the step holds", () => at.effects.count(`holding ${id}`) === 1);
    at.server.cancelRun(runsOf(id)[0]!.id);
    expect(await at.observe.ended(id)).toMatchObject({ status: "cancelled" });
    await until("the step was aborted", () => at.effects.count(`aborted ${id}`) === 1);
  });

  it("goes on from the journal when Inngest has lost its runs", async () => {
    const graph = sketch({ Start: { type: "start" }, A: { type: "hit" }, Ask: { type: "ask" }, B: { type: "hit" } }, [
      "Start -> A",
      "A -> Ask",
      "Ask -> B",
    ]);
    const id = await at.run(graph);
    await at.observe.has(id, "waiting");
    at.server.forgetRuns();
    await at.app.engine.signal({ organizationId: ORGANIZATION, executionId: id, event: "resume", correlation: `${id}:Ask#0`, payload: 1 });
    expect(await at.observe.ended(id, 25_000)).toMatchObject({ status: "succeeded" });
    triedOnce(id, "A#0", "B#0");
  });

  it("aborts a step whose execution another process cancelled", async () => {
    const id = await at.run(sketch({ Start: { type: "start" }, Hold: { type: "hold" } }, ["Start -> Hold"]));
    await until("the step holds", () => at.effects.count(`holding ${id}`) === 1);
    await at.app.pool.query(
      "update execution set status = 'cancelled', seq = seq + 1, finished_at = now(), worker_id = null where id = $1",
      [id],
    );
    await until("the step was aborted", () => at.effects.count(`aborted ${id}`) === 1);
  });

  it("tells whoever waits for the answer, the end, or gives up", async () => {
    const graph = sketch({ Start: { type: "start" }, Answer: { type: "answer" }, Ask: { type: "ask" }, Last: {} }, [
      "Start -> Answer",
      "Answer -> Ask",
      "Ask -> Last",
    ]);
    const id = await at.run(graph, { n: 7 });
    const answered = await at.app.engine.outcome(id, "answer", AbortSignal.timeout(5000));
    expect(answered).toMatchObject({ response: { status: 201, body: "made" }, lastItems: null });
    await expect(at.app.engine.outcome(id, "end", AbortSignal.timeout(100))).rejects.toMatchObject({ name: "TimeoutError" });
    const end = at.app.engine.outcome(id, "end", AbortSignal.timeout(5000));
    await at.app.engine.signal({
      organizationId: ORGANIZATION,
      executionId: id,
      event: "resume",
      correlation: `${id}:Ask#0`,
      payload: { yes: true },
    });
    expect(await end).toMatchObject({
      status: "succeeded",
      error: null,
      response: { body: "made" },
      lastItems: [{ json: { n: 7, approval: { yes: true }, by: "Last" } }],
    });
  });

  it("publishes what it journals, in order, and hints before", async () => {
    const execution = newExecution(three);
    const heard: LiveEvent[] = [];
    const stop = liveBus.subscribe(execution.id, (events) => heard.push(...events));
    await at.app.engine.start(execution);
    await at.observe.ended(execution.id);
    stop();
    const told = heard.map((event) =>
      event.type === "execution" ? event.execution.status : event.type === "step" ? `${event.seq} ${event.step.key}` : `hint ${event.key}`,
    );
    expect(told).toEqual(["queued", "running", "hint Start#0", "1 Start#0", "hint A#0", "2 A#0", "hint B#0", "3 B#0", "succeeded"]);
    expect(heard.at(-1)).toMatchObject({ seq: 4 });
  });
});
