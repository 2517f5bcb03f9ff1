import { beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { listArrivals } from "@/server/services/arrivals/list";
import { replayArrival } from "@/server/services/arrivals/replay";
import type { ServiceContext } from "@/server/services/context";
import { ServiceError } from "@/server/services/errors";
import { publishEvent } from "@/server/services/events/publish";
import { executeFlow } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { setFlowActive } from "@/server/services/flows/set-active";
import { sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { dispatchEvents } from "./events";
import { handleChat } from "./public/chat";
import { handleForm } from "./public/form";
import { startDue } from "./schedule";
import { startKept } from "./start-kept";
import { handleWebhook } from "./webhook";

withTestDatabase();

let ctx: ServiceContext;
let engine: RecordingEngine;
/** Organizations of which too much is queued. */
let full: Set<string>;
beforeAll(() => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
beforeEach(async () => {
  await db().triggerEvent.deleteMany();
  await db().flow.deleteMany();
  ({ context: ctx } = await createMember({ role: "editor" }));
  full = new Set([organization()]);
  engine = recordingEngine();
  const take = engine.start;
  engine.start = async (execution) => {
    if (full.has(execution.organizationId)) throw new ServiceError("rate_limited", "Too much is queued", { retryAfterSeconds: 9 });
    return take(execution);
  };
  setEngine(engine);
});

const organization = (): string => ctx.actor.organizationId ?? "";

async function flowOf(type: string, parameters: JsonObject = {}, context = ctx): Promise<{ flowId: string; triggerId: string }> {
  const { id, triggers } = await createFlow({ ctx: context, input: { graph: lineOf({ Entry: { type, parameters } }), publish: true } });
  return { flowId: id, triggerId: triggers[0]?.id ?? "" };
}

const call = (triggerId: string, body: JsonObject, headers: Record<string, string> = {}) =>
  handleWebhook(
    new Request(`http://localhost/api/hooks/${triggerId}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    }),
    triggerId,
  );
const kept = async () => (await listArrivals({ ctx, input: {} })).arrivals;
const started = () => engine.started.map(({ items }) => (items[0]?.json.body as JsonObject | undefined)?.n);

test("calls that nobody waits for are acknowledged, kept and started in their order once there is room, each once", async () => {
  const { triggerId } = await flowOf("webhook-trigger");
  for (let n = 0; n < 7; n++) {
    const answer = await call(triggerId, { n, text: n === 3 ? "x".repeat(100_000) : "" }, { "idempotency-key": `n${n}` });
    expect([answer.status, await answer.json()]).toMatchObject([202, { message: expect.stringContaining("starts once there is room") }]);
  }
  // The same delivery again, as senders do that heard nothing.
  expect((await call(triggerId, { n: 0 }, { "idempotency-key": "n0" })).status).toBe(202);
  expect((await kept()).map(({ heldFor }) => heldFor)).toEqual(Array(7).fill("busy"));
  expect(await startKept(sql(), engine)).toBe(0);
  expect(engine.started).toEqual([]);

  full.clear();
  await Promise.all([startKept(sql(), engine), startKept(sql(), engine)]);
  expect(started()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(await kept()).toEqual([]);
  expect(await startKept(sql(), engine)).toBe(0);
  expect(await db().payload.count()).toBe(0);
  expect((await call(triggerId, { n: 0 }, { "idempotency-key": "n0" })).status).toBe(200);
  expect(engine.started).toHaveLength(7);
});

test("an arrival that was started just before a crash is not started again", async () => {
  const { triggerId } = await flowOf("webhook-trigger");
  await call(triggerId, { n: 1 });
  const before = await db().triggerEvent.findFirstOrThrow();
  full.clear();
  await startKept(sql(), engine);
  const { input, replayedAs } = before;
  await db().triggerEvent.update({ where: { id: before.id }, data: { input, replayedAs } });
  expect(await startKept(sql(), engine)).toBe(1);
  expect(engine.started).toHaveLength(1);
  expect(await kept()).toEqual([]);
});

test("one organization's do not wait for another's", async () => {
  const { context: other } = await createMember({ role: "editor" });
  const mine = await flowOf("webhook-trigger");
  const theirs = await flowOf("webhook-trigger", {}, other);
  full.add(other.actor.organizationId ?? "");
  await call(mine.triggerId, { n: "mine" });
  await call(theirs.triggerId, { n: "theirs" });
  full.delete(other.actor.organizationId ?? "");
  await startKept(sql(), engine);
  expect(started()).toEqual(["theirs"]);
  expect(await kept()).toHaveLength(1);
});

test("slots of schedules go into the ledger, and each starts once", async () => {
  const { triggerId } = await flowOf("schedule-trigger", { rules: [{ every: "hours", interval: 1, minute: 0 }] });
  for (const hour of ["09", "10", "11"]) {
    const due = new Date(`2026-03-02T${hour}:00:00Z`);
    await db().trigger.update({ where: { id: triggerId }, data: { nextAt: due } });
    await startDue(due);
  }
  // As after a crash before the next slot was noted.
  await db().trigger.update({ where: { id: triggerId }, data: { nextAt: new Date("2026-03-02T11:00:00Z") } });
  await startDue(new Date("2026-03-02T11:00:30Z"));
  expect(await kept()).toHaveLength(3);
  full.clear();
  await startKept(sql(), engine);
  expect(engine.started.map(({ mode, event }) => [mode, event.dedupeKey])).toEqual(
    ["09", "10", "11"].map((hour) => ["schedule", `slot:2026-03-02T${hour}:00:00.000Z`]),
  );
});

test("events are kept for flows that have no room, and an event that cannot be given to anybody holds up no other", async () => {
  const { context: other } = await createMember({ role: "editor" });
  const mine = await flowOf("event-trigger", { name: "paid" });
  await flowOf("event-trigger", { name: "paid" }, other);
  const broken = await flowOf("event-trigger", { name: "broken" }, other);
  await db().flowVersion.updateMany({ where: { flowId: broken.flowId }, data: { graph: { nodes: "none" } } });
  await publishEvent({ ctx: other, input: { name: "broken", data: {} } });
  await publishEvent({ ctx, input: { name: "paid", data: { n: 1 } } });
  await publishEvent({ ctx: other, input: { name: "paid", data: { n: 2 } } });
  await dispatchEvents(sql(), engine);
  expect(engine.started.map(({ items }) => items[0]?.json.data)).toEqual([{ n: 2 }]);
  expect(await kept()).toMatchObject([{ flowId: mine.flowId, heldFor: "busy" }]);
  expect(await db().namedEvent.findMany({ where: { dispatchedAt: null } })).toMatchObject([{ name: "broken" }]);
  full.clear();
  await startKept(sql(), engine);
  expect(engine.started.map(({ items }) => items[0]?.json.data)).toEqual([{ n: 2 }, { n: 1 }]);
});

test("a form that only thanks does so; whoever waits for an answer is told to come again, and what came is in the ledger", async () => {
  const thanks = await flowOf("form-trigger", { responseText: "Got it." });
  const waits = await flowOf("form-trigger", { responseMode: "lastNode" });
  const chat = await flowOf("chat-trigger");
  const hook = await flowOf("webhook-trigger", { responseMode: "lastNode" });
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    new Request("http://localhost/form/x", { method: "POST", body, headers });
  const sent = await handleForm(post(new FormData()), thanks.triggerId);
  expect([sent.status, await sent.text()]).toMatchObject([200, expect.stringContaining("Got it.")]);
  const refused = [
    await handleForm(post(new FormData()), waits.triggerId),
    await handleChat(post(JSON.stringify({ sessionId: "s", chatInput: "Hello" }), { "content-type": "application/json" }), chat.triggerId),
    await call(hook.triggerId, { n: 1 }, { "idempotency-key": "again" }),
  ];
  expect(refused.map((answer) => [answer.status, answer.headers.get("retry-after")])).toEqual(Array(3).fill([429, "9"]));
  await expect(executeFlow({ ctx, input: { flowId: hook.flowId, variables: { who: "api" } } })).rejects.toMatchObject({
    code: "rate_limited",
    message: expect.stringContaining("kept as arrival"),
    details: { retryAfterSeconds: 9 },
  });
  const arrivals = await kept();
  const reasons = new Map(arrivals.map(({ flowId, heldFor }) => [flowId, heldFor]));
  expect(arrivals).toHaveLength(5);
  expect([thanks, waits, chat, hook].map(({ flowId }) => reasons.get(flowId))).toEqual(["busy", "refused", "refused", "refused"]);

  full.clear();
  await startKept(sql(), engine);
  expect(engine.started.map(({ flowId }) => flowId)).toEqual([thanks.flowId]);
  // Their senders come again; or somebody replays them.
  expect((await call(hook.triggerId, { n: 1 }, { "idempotency-key": "again" })).status).toBe(200);
  for (const { id, heldFor } of arrivals) if (heldFor === "refused") await replayArrival({ ctx, input: { id } });
  expect(engine.started.map(({ mode, variables }) => [mode, variables]).sort()).toEqual([
    ["api", { who: "api" }],
    ["chat", {}],
    ["form", {}],
    ["form", {}],
    ["webhook", {}],
  ]);
});

test("what cannot start any more waits for a person, and is in nobody's way", async () => {
  const off = await flowOf("webhook-trigger");
  const unreadable = await flowOf("webhook-trigger");
  const good = await flowOf("webhook-trigger");
  for (const { triggerId } of [off, unreadable, good]) await call(triggerId, { n: 1 });
  await setFlowActive({ ctx, input: { id: off.flowId, active: false } });
  await db().flowVersion.deleteMany({ where: { flowId: unreadable.flowId } });
  await db().flowVersion.create({
    data: { id: "other", organizationId: organization(), flowId: unreadable.flowId, version: 2, graph: { nodes: "none" } },
  });
  await db().flow.update({ where: { id: unreadable.flowId }, data: { publishedVersion: 2 } });
  full.clear();
  await startKept(sql(), engine);
  expect(engine.started.map(({ flowId }) => flowId)).toEqual([good.flowId]);
  expect(new Map((await kept()).map(({ flowId, heldFor }) => [flowId, heldFor]))).toEqual(
    new Map([
      [off.flowId, "inactive"],
      [unreadable.flowId, "broken"],
    ]),
  );
});
