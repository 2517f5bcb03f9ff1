import { expect, it } from "vitest";
import type { FlowSettings } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import type { ServiceError } from "@/server/services/errors";
import type { NewExecution } from "../engine";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

const holds = new Map<string, () => void>();
let running = 0;
let most = 0;
const order: string[] = [];

/** Ends a `hold` step. */
const letGo = (name: string) =>
  until(
    () => holds.get(name),
    (resolve) => resolve !== undefined,
  ).then((resolve) => resolve!());

const at = withEngines({
  hold: async (steps, input) => {
    await steps.run("hold", async ({ signal }) => {
      order.push(String(input.name));
      most = Math.max(most, ++running);
      try {
        await new Promise<void>((resolve, reject) => {
          holds.set(String(input.name), resolve);
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
      } finally {
        running--;
      }
      return null;
    });
    await steps.run("after", () => ({ name: String(input.name) }));
  },
  quick: (steps, input) => steps.run("quick", () => order.push(String(input.name))).then(() => {}),
  rounds: async (steps) => {
    for (let round = 0; round < 10_000; round++) {
      await steps.run(`round${round}`, () => new Promise<null>((resolve) => setTimeout(resolve, 5, null)));
    }
  },
  nap: async (steps) => {
    await steps.run("begin", () => null);
    await steps.sleep("nap", new Date(Date.now() + 60_000));
  },
  wait: async (steps) => {
    await steps.wait("approval");
    await steps.run("after", () => ({ done: true }));
  },
});

const of = (organizationId: string, flowId: string, settings: FlowSettings, input: JsonObject, values: Partial<NewExecution> = {}) =>
  newExecution(organizationId, flowId, input, { graph: { nodes: [], edges: [], settings, variables: {} }, ...values });

const reset = () => {
  holds.clear();
  order.length = 0;
  running = 0;
  most = 0;
};

it("lets as many executions of a flow run as it says, in their order, for each value of its key", async () => {
  reset();
  const engine = await at.engine();
  const other = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { concurrency: { limit: 2, key: "={{ $json.customer }}", overlap: "queue" } };
  const start = (name: string, customer: string) =>
    engine.start(of(organization, "hold", settings, { name, customer })).then((started) => started.executionId);
  const ids = [await start("a1", "a"), await start("a2", "a"), await start("a3", "a"), await start("a4", "a"), await start("b1", "b")];
  await until(
    () => order.length,
    (count) => count === 3,
  );
  expect([...order].sort()).toEqual(["a1", "a2", "b1"]);
  expect((await at.execution(ids[2]!)).status).toBe("queued");
  await letGo("a2");
  await until(
    () => order.length,
    (count) => count === 4,
  );
  expect(order[3]).toBe("a3");
  for (const name of ["a1", "a3", "b1"]) await letGo(name);
  await letGo("a4");
  for (const id of ids) expect((await other.outcome(id, "end", never())).status).toBe("succeeded");
});

it("skips what comes while the flow is at its limit, and says why", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { concurrency: { limit: 1, overlap: "skip" } };
  const first = await engine.start(of(organization, "hold", settings, { name: "first" }));
  const second = await engine.start(of(organization, "hold", settings, { name: "second" }));
  const outcome = await engine.outcome(second.executionId, "end", never());
  expect(outcome).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining("Skipped") } });
  await letGo("first");
  expect((await engine.outcome(first.executionId, "end", never())).status).toBe("succeeded");
});

it("ends what is under way when a later one shall take its place, also what is parked", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { concurrency: { limit: 1, overlap: "cancelPrevious" } };
  const start = (name: string) => engine.start(of(organization, "hold", settings, { name })).then((started) => started.executionId);
  const first = await start("first");
  await until(() => order.includes("first"));
  const [second, third] = [await start("second"), await start("third")];
  for (const id of [first, second]) {
    const outcome = await engine.outcome(id, "end", never());
    expect(outcome).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining("later execution took its place") } });
  }
  await letGo("third");
  expect((await engine.outcome(third, "end", never())).status).toBe("succeeded");
  const parked = await engine.start(of(organization, "nap", settings, {}));
  await until(
    () => at.execution(parked.executionId),
    (row) => row.status === "waiting",
  );
  const next = await engine.start(of(organization, "nap", settings, {}));
  expect(await engine.outcome(parked.executionId, "end", never())).toMatchObject({
    status: "cancelled",
    error: { message: expect.stringContaining("later execution took its place") },
  });
  await until(
    () => at.execution(next.executionId),
    (row) => row.status === "waiting",
  );
  await engine.cancel(next.executionId);
});

/** It began in the process that took the arrival, without queueing first. */
const beganAtOnce = async (executionId: string): Promise<boolean> => {
  const { rows } = await at.pool.query("select created_at = started_at as at_once from execution where id = $1", [executionId]);
  return rows[0].at_once;
};

it("begins at once what has a time-out, a priority or room before its gate, and times it from then", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const policies: FlowSettings[] = [
    { timeoutMs: 30_000 },
    { priority: 3 },
    { retryPolicy: { maxAttempts: 2, waitMs: 1, backoff: "fixed" } },
    { concurrency: { limit: 1, overlap: "queue" } },
    { concurrency: { limit: 1, key: "={{ $json.name }}", overlap: "skip" }, timeoutMs: 30_000, priority: 1 },
  ];
  for (const [index, settings] of policies.entries()) {
    const { executionId } = await engine.start(of(organization, "quick", settings, { name: `n${index}` }));
    expect((await engine.outcome(executionId, "end", never())).status).toBe("succeeded");
    expect(await beganAtOnce(executionId)).toBe(true);
    const { rows } = await at.pool.query(
      "select priority, gate_key is not null as has_gate, extract(epoch from deadline_at - started_at) as limit from execution where id = $1",
      [executionId],
    );
    expect(rows[0]).toEqual({
      priority: settings.priority ?? 0,
      has_gate: settings.concurrency !== undefined,
      limit: settings.timeoutMs === undefined ? null : expect.stringMatching(/^30\.0*$/),
    });
  }
});

it("lets no more pass a gate than there is room for, however many processes begin executions at once", async () => {
  reset();
  const engines = await Promise.all([at.engine(), at.engine(), at.engine()]);
  const organization = await at.organization();
  const settings: FlowSettings = { concurrency: { limit: 3, overlap: "queue" } };
  const names = Array.from({ length: 45 }, (_, index) => `n${index}`);
  const started = await Promise.all(
    names.map((name, index) => engines[index % 3]!.start(of(organization, "hold", settings, { name }, { flowId: "hold" }))),
  );
  for (let done = 0; done < names.length; done++) {
    await until(() => holds.size > 0);
    const [[name, resolve]] = [...holds] as [[string, () => void]];
    holds.delete(name);
    resolve();
  }
  for (const { executionId } of started) expect((await engines[0]!.outcome(executionId, "end", never())).status).toBe("succeeded");
  expect(most).toBe(3);
  expect(new Set(order).size).toBe(names.length);
  expect(order).toHaveLength(names.length);
});

it("goes on behind a gate when the process that held the place has died", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { concurrency: { limit: 1, overlap: "queue" } };
  const first = await engine.start(of(organization, "hold", settings, { name: "first" }));
  const second = await engine.start(of(organization, "hold", settings, { name: "second" }));
  await until(() => order.includes("first"));
  // As after a crash: the execution ended, and nobody was left to open the gate.
  await at.pool.query(
    "update execution set status = 'cancelled', worker_id = null, seq = 1, cancel_requested = true, finished_at = now() where id = $1",
    [first.executionId],
  );
  await letGo("second");
  expect((await engine.outcome(second.executionId, "end", never())).status).toBe("succeeded");
});

it("runs the last of arrivals that follow each other, and puts none off for too long", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { debounce: { ms: 150, key: "={{ $json.topic }}" } };
  const ids: string[] = [];
  for (const name of ["one", "two", "three"]) {
    ids.push((await engine.start(of(organization, "quick", settings, { name, topic: "t" }))).executionId);
  }
  const apart = await engine.start(of(organization, "quick", settings, { name: "apart", topic: "u" }));
  for (const id of [ids[2]!, apart.executionId]) expect((await engine.outcome(id, "end", never())).status).toBe("succeeded");
  expect([...order].sort()).toEqual(["apart", "three"]);
  const superseded = await engine.outcome(ids[0]!, "end", never());
  expect(superseded).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining(ids[1]!) } });
  const { rows } = await at.pool.query("select count(*)::int n from trigger_event where organization_id = $1", [organization]);
  expect(rows[0].n).toBe(4);

  const impatient: FlowSettings = { debounce: { ms: 60_000, maxMs: 200 } };
  await engine.start(of(organization, "quick", impatient, { name: "early" }));
  const late = await engine.start(of(organization, "quick", impatient, { name: "late" }));
  expect((await engine.outcome(late.executionId, "end", never())).status).toBe("succeeded");
});

it("starts no more executions in a period than the flow says", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { throttle: { limit: 2, periodMs: 300 } };
  const started = await Promise.all(
    Array.from({ length: 5 }, (_, index) => engine.start(of(organization, "quick", settings, { name: String(index) }))),
  );
  const begun: number[] = [];
  for (const { executionId } of started) {
    expect((await engine.outcome(executionId, "end", never())).status).toBe("succeeded");
    const { rows } = await at.pool.query("select started_at from execution where id = $1", [executionId]);
    begun.push(rows[0].started_at.getTime());
  }
  const planned = await at.pool.query<{ at: Date }>(
    "select throttled_at as at from execution where organization_id = $1 order by throttled_at",
    [organization],
  );
  const slots = planned.rows.map((row) => row.at.getTime());
  for (let index = 2; index < slots.length; index++) expect(slots[index]! - slots[index - 2]!).toBeGreaterThanOrEqual(299);
  begun.sort((a, b) => a - b);
  for (const [index, slot] of slots.entries()) expect(begun[index]!).toBeGreaterThanOrEqual(slot - 1);
});

it("ends what takes too long: a step that runs is told, and what waits is not forgotten", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = { timeoutMs: 300 };
  const held = await engine.start(of(organization, "hold", settings, { name: "held" }));
  const asleep = await engine.start(of(organization, "nap", settings, {}));
  const waits = await engine.start(of(organization, "wait", settings, {}));
  for (const { executionId } of [held, asleep, waits]) {
    const outcome = await engine.outcome(executionId, "end", never());
    expect(outcome).toMatchObject({ status: "timed_out", error: { message: expect.stringContaining("longer") } });
  }
  expect(running).toBe(0);
  expect(engine.running).toBe(0);
});

it("claims higher priorities first", async () => {
  reset();
  const engine = await at.engine({ eager: false });
  const organization = await at.organization(1);
  const first = await engine.start(of(organization, "hold", {}, { name: "first" }));
  await until(() => order.includes("first"));
  const low = await engine.start(of(organization, "quick", { priority: -1 }, { name: "low" }));
  const normal = await engine.start(of(organization, "quick", {}, { name: "normal" }));
  const high = await engine.start(of(organization, "quick", { priority: 5 }, { name: "high" }));
  await letGo("first");
  for (const { executionId } of [first, low, normal, high]) await engine.outcome(executionId, "end", never());
  expect(order).toEqual(["first", "high", "normal", "low"]);
});

it("pauses once the running step is recorded, and goes on after it", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const { executionId } = await engine.start(of(organization, "hold", {}, { name: "x" }));
  await until(() => order.includes("x"));
  expect(await engine.pause(executionId)).toBe(true);
  await letGo("x");
  await until(
    () => at.execution(executionId),
    (row) => row.status === "paused",
  );
  expect((await at.steps(executionId)).map((step) => step.key)).toEqual(["hold#0"]);
  expect(await engine.pause(executionId)).toBe(true);
  expect(await engine.resume(executionId)).toBe(true);
  expect((await engine.outcome(executionId, "end", never())).status).toBe("succeeded");
  expect(order).toEqual(["x"]);
  expect(await engine.pause(executionId)).toBe(false);
  expect(await engine.resume(executionId)).toBe(false);
});

it("pauses what another process runs, and takes a pause back", async () => {
  reset();
  const engine = await at.engine();
  const elsewhere = await at.engine();
  const organization = await at.organization();
  const { executionId } = await engine.start(of(organization, "rounds", {}, { name: "r" }));
  await until(
    () => at.steps(executionId),
    (steps) => steps.length > 0,
  );
  expect(await elsewhere.pause(executionId)).toBe(true);
  await until(
    () => at.execution(executionId),
    (row) => row.status === "paused",
  );
  expect(await elsewhere.resume(executionId)).toBe(true);
  await until(
    () => at.execution(executionId),
    (row) => row.status === "running",
  );
  await engine.cancel(executionId);

  const held = await engine.start(of(organization, "hold", {}, { name: "held" }));
  await until(() => order.includes("held"));
  expect(await engine.pause(held.executionId)).toBe(true);
  expect(await engine.resume(held.executionId)).toBe(true);
  await letGo("held");
  expect((await engine.outcome(held.executionId, "end", never())).status).toBe("succeeded");
});

it("tells the process that runs an execution of a pause, and does not wait for it to look", async () => {
  reset();
  const engine = await at.engine({ heartbeatMs: 3_600_000, leaseMs: 7_200_000, quietMs: 7_200_000 });
  const elsewhere = await at.engine({ capacity: 0 });
  const { executionId } = await engine.start(of(await at.organization(), "rounds", {}, {}));
  await until(
    () => at.steps(executionId),
    (steps) => steps.length > 0,
  );
  expect(await elsewhere.pause(executionId)).toBe(true);
  await until(
    () => at.execution(executionId),
    (row) => row.status === "paused",
  );
  expect(await engine.cancel(executionId)).toBe(true);
});

it("keeps what a paused execution waits for, and cancels a paused one", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const { executionId } = await engine.start(of(organization, "wait", {}, {}));
  await until(
    () => at.execution(executionId),
    (row) => row.status === "waiting",
  );
  expect(await engine.pause(executionId)).toBe(true);
  const event = {
    organizationId: organization,
    executionId,
    event: "resume",
    correlation: `${executionId}:approval#0`,
    payload: { ok: true },
  };
  expect(await engine.signal(event)).toBe(true);
  expect((await at.execution(executionId)).status).toBe("paused");
  expect(await engine.resume(executionId)).toBe(true);
  expect((await engine.outcome(executionId, "end", never())).status).toBe("succeeded");
  const other = await engine.start(of(organization, "nap", {}, {}));
  await until(
    () => at.execution(other.executionId),
    (row) => row.status === "waiting",
  );
  await engine.pause(other.executionId);
  expect(await engine.cancel(other.executionId)).toBe(true);
  expect((await at.execution(other.executionId)).status).toBe("cancelled");
});

it("takes a repeated arrival once, whatever the flow's policies are", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  const settings: FlowSettings = {
    debounce: { ms: 50 },
    concurrency: { limit: 1, overlap: "queue" },
    throttle: { limit: 5, periodMs: 50 },
  };
  const arrival = (id: string) => ({ event: { id, triggerId: "t", type: "webhook", dedupeKey: "same" } });
  const first = await engine.start(of(organization, "quick", settings, { name: "first" }, arrival(`${organization}-1`)));
  const again = await engine.start(of(organization, "quick", settings, { name: "again" }, arrival(`${organization}-2`)));
  expect(again).toMatchObject({ executionId: first.executionId, duplicate: true });
  expect((await engine.outcome(first.executionId, "end", never())).status).toBe("succeeded");
  expect(order).toEqual(["first"]);
});

it("refuses starts while too much of the organization is queued, and takes them again afterwards", async () => {
  reset();
  const recorder = await at.engine({ capacity: 0, maxQueued: 2 });
  const organization = await at.organization();
  const start = (name: string, organizationId = organization) =>
    recorder.start(of(organizationId, "quick", {}, { name })).then(
      ({ executionId }) => executionId,
      (thrown: unknown) => thrown as ServiceError,
    );
  const [first, second] = [await start("1"), await start("2")];
  const refused = await until(
    () => start("more"),
    (given) => typeof given !== "string",
  );
  expect(refused).toMatchObject({ code: "rate_limited", details: { retryAfterSeconds: expect.any(Number) } });
  expect(typeof (await start("other", await at.organization()))).toBe("string");
  await at.engine();
  for (const id of [first, second]) expect((await recorder.outcome(id as string, "end", never())).status).toBe("succeeded");
  const last = await until(
    () => start("again"),
    (given) => typeof given === "string",
  );
  expect((await recorder.outcome(last as string, "end", never())).status).toBe("succeeded");
});

it("lets no arrival go before earlier ones of its trigger that wait for room", async () => {
  reset();
  const engine = await at.engine();
  const organization = await at.organization();
  await at.pool.query(
    `insert into trigger_event (id, organization_id, flow_id, trigger_id, type, held_for, input, received_at)
     values ('kept', $1, 'quick', 'behind', 'webhook', 'busy', '[]', now() - interval '1 minute')`,
    [organization],
  );
  let arrivals = 0;
  const start = (triggerId: string | null, kept?: true) => {
    const event = { id: `arrival-${++arrivals}`, triggerId, type: "webhook", dedupeKey: null, ...(kept && { kept }) };
    return engine.start(of(organization, "quick", {}, { name: "x" }, { event })).then(
      ({ executionId }) => executionId,
      (thrown: unknown) => (thrown as ServiceError).code,
    );
  };
  await until(
    () => start("behind"),
    (given) => given === "rate_limited",
  );
  for (const [triggerId, kept] of [
    ["behind", true],
    ["another", undefined],
    [null, undefined],
  ] as const) {
    expect(await start(triggerId, kept)).toMatch(/^exec_/);
  }
  await at.pool.query("delete from trigger_event where id = 'kept'");
  await until(
    () => start("behind"),
    (given) => given.startsWith("exec_"),
  );
});
