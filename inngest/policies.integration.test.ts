import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FlowSettings, Graph } from "@/flow/graph/schema";
import { sketch } from "@/flow/interpreter/testing/registry";
import type { NewExecution } from "@/server/execution/engine";
import { addOrganization, type Harness, newExecution, ORGANIZATION, startHarness, until } from "./testing/harness";

const hold = sketch({ Start: { type: "start" }, Hold: { type: "hold" } }, ["Start -> Hold"]);
const two = sketch({ Start: { type: "start" }, A: { type: "hit" }, B: { type: "hit" } }, ["Start -> A", "A -> B"]);
const ask = sketch({ Start: { type: "start" }, Ask: { type: "ask" }, After: { type: "hit" } }, ["Start -> Ask", "Ask -> After"]);
const slow = (ms: number) =>
  sketch({ Start: { type: "start" }, A: { type: "hit", parameters: { ms } }, B: { type: "hit" } }, ["Start -> A", "A -> B"]);

describe("what organizations and flows say about their executions, on Inngest", () => {
  let at: Harness;
  let flows = 0;
  beforeAll(async () => {
    at = await startHarness();
  });
  afterEach(async () => {
    const { rows } = await at.app.pool.query<{ id: string }>("select id from execution where finished_at is null");
    for (const { id } of rows) await at.app.engine.cancel(id);
    await addOrganization(at.app.pool);
  });
  afterAll(async () => {
    expect(await at.observe.violations()).toEqual([]);
    await at.close();
  });

  const start = async (graph: Graph, settings: FlowSettings = {}, over: Partial<NewExecution> = {}) =>
    (await at.app.engine.start(newExecution({ ...graph, settings }, over))).executionId;
  const newFlow = () => `flow_${flows++}`;
  const holding = (id: string) => until(`${id} holds`, () => at.effects.count(`holding ${id}`) === 1);
  const status = async (id: string) => (await at.observe.execution(id)).status;
  const ended = async (id: string) => (await at.observe.ended(id)).status;
  const reason = async (id: string) => JSON.parse((await at.observe.execution(id)).error ?? "{}").message as string | undefined;
  const resume = (id: string) =>
    at.app.engine.signal({ organizationId: ORGANIZATION, executionId: id, event: "resume", correlation: `${id}:Ask#0`, payload: 1 });

  it("keeps to the organization's limit, and gives what waits to Inngest when there is room", async () => {
    await addOrganization(at.app.pool, 3);
    const ids = await Promise.all(Array.from({ length: 12 }, () => start(slow(60))));
    let most = 0;
    await until("all have ended", async () => {
      const { rows } = await at.app.pool.query<{ running: number; open: number; sent: number }>(
        `select count(*) filter (where status = 'running')::int as running, count(*) filter (where finished_at is null)::int as open,
          count(*) filter (where status = 'running' or (status = 'queued' and sent_at is not null))::int as sent
         from execution where id = any($1)`,
        [ids],
      );
      most = Math.max(most, rows[0]!.sent);
      return rows[0]!.open === 0;
    });
    expect(most).toBe(3);
    for (const id of ids) expect([...at.effects.all()].filter(([key]) => key.startsWith(`try ${id}`)).map(([, n]) => n)).toEqual([1, 1]);
  });

  it("does not let one organization stand in the way of another", async () => {
    await addOrganization(at.app.pool, 1);
    await addOrganization(at.app.pool, 1, "org_other");
    const busy = await start(hold);
    await holding(busy);
    const behind = await start(two);
    const other = await start(two, {}, { organizationId: "org_other" });
    expect(await ended(other)).toBe("succeeded");
    expect(await status(behind)).toBe("queued");
  });

  it("starts the more urgent ones first", async () => {
    await addOrganization(at.app.pool, 1);
    const first = await start(hold);
    await holding(first);
    const later = await start(hold);
    const urgent = await start(hold, { priority: 5 });
    await at.app.engine.cancel(first);
    await holding(urgent);
    expect(await status(later)).toBe("queued");
  });

  it("gives the room of one that waits to others, and has it queue again when its wait ends meanwhile", async () => {
    await addOrganization(at.app.pool, 1);
    const waits = await start(ask);
    await at.observe.has(waits, "waiting");
    const other = await start(hold);
    await holding(other);
    expect(await resume(waits)).toBe(true);
    await at.observe.has(waits, "queued");
    expect(at.effects.count(`try ${waits} After#0`)).toBe(0);
    await at.app.engine.cancel(other);
    expect(await ended(waits)).toBe("succeeded");
    expect(at.effects.count(`try ${waits} After#0`)).toBe(1);
  });

  it("lets as many of a flow run as it says, for each key: the others queue", async () => {
    const flowId = newFlow();
    const settings: FlowSettings = { concurrency: { limit: 1, key: "={{ $json.customer }}", overlap: "queue" } };
    const of = (customer: string) => start(hold, settings, { flowId, items: [{ json: { customer } }] });
    const first = await of("a");
    const second = await of("a");
    const elsewhere = await of("b");
    await Promise.all([holding(first), holding(elsewhere)]);
    expect(await status(second)).toBe("queued");
    await at.app.engine.cancel(first);
    await holding(second);
  });

  it("skips one that finds no room, and says so", async () => {
    const flowId = newFlow();
    const settings: FlowSettings = { concurrency: { limit: 1, overlap: "skip" } };
    const first = await start(hold, settings, { flowId });
    const second = await start(hold, settings, { flowId });
    expect(await ended(second)).toBe("cancelled");
    expect(await reason(second)).toContain("Skipped");
    await holding(first);
  });

  it("cancels the previous one, its running step included", async () => {
    const flowId = newFlow();
    const settings: FlowSettings = { concurrency: { limit: 1, overlap: "cancelPrevious" } };
    const first = await start(hold, settings, { flowId });
    await holding(first);
    const second = await start(hold, settings, { flowId });
    expect(await ended(first)).toBe("cancelled");
    await until("the step was aborted", () => at.effects.count(`aborted ${first}`) === 1);
    await holding(second);
  });

  it("runs the last one of arrivals that follow each other", async () => {
    const flowId = newFlow();
    const settings: FlowSettings = { debounce: { ms: 400 } };
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await start(two, settings, { flowId }));
    expect(await ended(ids[2]!)).toBe("succeeded");
    expect(await Promise.all(ids.slice(0, 2).map(status))).toEqual(["cancelled", "cancelled"]);
    expect(await reason(ids[0]!)).toContain("Debounced");
    expect(ids.map((id) => at.effects.count(`try ${id} A#0`))).toEqual([0, 0, 1]);
  });

  it("starts no more in a stretch of time than the flow says", async () => {
    const flowId = newFlow();
    const settings: FlowSettings = { throttle: { limit: 2, periodMs: 900 } };
    const ids = [];
    for (let n = 0; n < 4; n++) ids.push(await start(two, settings, { flowId }));
    for (const id of ids) expect(await ended(id)).toBe("succeeded");
    const { rows } = await at.app.pool.query<{ slot: Date; at: Date }>(
      "select throttled_at as slot, started_at as at from execution where id = any($1) order by throttled_at",
      [ids],
    );
    for (const n of [0, 1]) expect(rows[n + 2]!.at.getTime() - rows[n]!.slot.getTime()).toBeGreaterThanOrEqual(899);
  });

  it("ends what takes longer than the flow allows, running or waiting", async () => {
    const running = await start(hold, { timeoutMs: 400 });
    const waiting = await start(ask, { timeoutMs: 400 });
    await holding(running);
    expect(await ended(running)).toBe("timed_out");
    expect(await ended(waiting)).toBe("timed_out");
    expect(await reason(running)).toBe("The execution took longer than its flow allows");
    await until("the step was aborted", () => at.effects.count(`aborted ${running}`) === 1);
    await until("no run is left on Inngest", () =>
      at.server
        .runs("execute-flow")
        .every((run) => ![running, waiting].includes(run.event.data.executionId as string) || run.status !== "Running"),
    );
  });

  it("pauses after the step that runs, and goes on where it was", async () => {
    const id = await start(slow(300));
    await until("the step runs", () => at.effects.count(`try ${id} A#0`) === 1);
    expect(await at.app.engine.pause(id)).toBe(true);
    await at.observe.has(id, "paused");
    expect(await at.observe.journal(id)).toEqual(["Start#0 succeeded", "A#0 succeeded"]);
    expect(await at.app.engine.pause(id)).toBe(true);
    expect(await at.app.engine.resume(id)).toBe(true);
    expect(await ended(id)).toBe("succeeded");
    expect(["A#0", "B#0"].map((key) => at.effects.count(`try ${id} ${key}`))).toEqual([1, 1]);
    expect([await at.app.engine.pause(id), await at.app.engine.resume(id)]).toEqual([false, false]);
  });

  it("pauses all branches of one, each after its step", async () => {
    const graph = sketch(
      {
        Start: { type: "start" },
        A: { type: "hit", parameters: { ms: 250 } },
        A2: { type: "hit" },
        B: { type: "hit", parameters: { ms: 400 } },
        B2: { type: "hit" },
      },
      ["Start -> A", "A -> A2", "Start -> B", "B -> B2"],
    );
    const id = await start(graph);
    await until("both branches run", () => ["A", "B"].every((name) => at.effects.count(`try ${id} ${name}#0`) === 1));
    await at.app.engine.pause(id);
    await at.observe.has(id, "paused");
    expect((await at.observe.journal(id)).sort()).toEqual(["A#0 succeeded", "B#0 succeeded", "Start#0 succeeded"]);
    await at.app.engine.resume(id);
    expect(await ended(id)).toBe("succeeded");
    for (const key of ["A#0", "A2#0", "B#0", "B2#0"]) expect([key, at.effects.count(`try ${id} ${key}`)]).toEqual([key, 1]);
  });

  it("pauses one that waits: its event is kept until it goes on", async () => {
    const id = await start(ask);
    await at.observe.has(id, "waiting");
    expect(await at.app.engine.pause(id)).toBe(true);
    expect(await status(id)).toBe("paused");
    await until("its run has ended on Inngest", () =>
      at.server.runs("execute-flow").every((run) => run.event.data.executionId !== id || run.status !== "Running"),
    );
    expect(await resume(id)).toBe(true);
    expect(await status(id)).toBe("paused");
    expect(await at.app.engine.resume(id)).toBe(true);
    expect(await ended(id)).toBe("succeeded");
    expect(at.effects.count(`try ${id} After#0`)).toBe(1);
  });

  it("pauses one that queues, and cancels one that is paused", async () => {
    await addOrganization(at.app.pool, 1);
    const first = await start(hold);
    await holding(first);
    const id = await start(two);
    expect(await at.app.engine.pause(id)).toBe(true);
    await at.app.engine.cancel(first);
    expect(await status(id)).toBe("paused");
    expect(await at.app.engine.cancel(id)).toBe(true);
    expect(await status(id)).toBe("cancelled");
    expect(at.effects.count(`try ${id} A#0`)).toBe(0);
  });
});
