import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { setEngine } from "@/server/execution/get-engine";
import { sharedHttpClient } from "@/server/http/shared-client";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { replaceFlow } from "@/server/services/flows/replace";
import { setFlowActive } from "@/server/services/flows/set-active";
import { sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { KEEP_POLLED_DAYS, pruneArrivals } from "../prune-arrivals";
import { claimPolls } from "./claim";
import { pollDue, startPolling } from "./loop";
import { pollTrigger } from "./poll-trigger";
import { recordPoll } from "./record";
import { pollServices } from "./services";

withTestDatabase();

let ctx: ServiceContext;
let engine: RecordingEngine;
let server: http.Server;
let origin: string;
/** What the service lists, the newest first, by path; a number is a status. */
let lists: Record<string, JsonObject[] | number> = {};
let requests: string[] = [];
/** Held requests wait for it. */
let held: Promise<void> | null = null;

beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    requests.push(path);
    await held;
    const list = lists[path] ?? 404;
    if (typeof list === "number") response.writeHead(list).end("no");
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ items: list }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${host}`;
  process.env.HTTP_ALLOWLIST = host;
  process.env.NEXTAUTH_URL ??= "http://localhost:3000";
  resetEnv();
  ({ context: ctx } = await createMember({ role: "editor" }));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await sharedHttpClient().close();
});
beforeEach(async () => {
  await db().flow.deleteMany();
  engine = recordingEngine();
  setEngine(engine);
  lists = {};
  requests = [];
  held = null;
});

const graphOf = (parameters: JsonObject) =>
  lineOf({ Watch: { type: "poll-http", parameters: { url: `${origin}/orders`, listPath: "items", ...parameters } } });

async function watch(parameters: JsonObject = {}, context = ctx): Promise<{ flowId: string; triggerId: string }> {
  const { id: flowId, triggers } = await createFlow({ ctx: context, input: { graph: graphOf(parameters), publish: true } });
  return { flowId, triggerId: triggers[0]?.id ?? "" };
}

const ids = (...names: (string | number)[]): JsonObject[] => names.map((id) => ({ id }));
const stateOf = (triggerId: string) => db().pollState.findUniqueOrThrow({ where: { triggerId } });
/** Makes every trigger due, whatever its rules say. */
const due = () => db().pollState.updateMany({ data: { nextAt: new Date(0) } });
const pollAll = async () => {
  await due();
  return pollDue();
};
const startedIds = () => engine.started.map(({ items }) => items.map(({ json }) => json.id));

test("what is there at first starts nothing; what is new starts one execution with all of it, once", async () => {
  const { flowId, triggerId } = await watch();
  lists["/orders"] = ids(2, 1);
  expect(await pollDue()).toBe(1);
  expect(engine.started).toEqual([]);
  lists["/orders"] = ids(4, 3, 2, 1);
  expect(await pollDue(), "it is not due yet").toBe(0);
  await pollAll();
  await pollAll();
  expect(engine.started).toMatchObject([
    {
      flowId,
      flowVersion: 1,
      mode: "poll",
      triggerNodeId: "Watch",
      items: [{ json: { id: 3 } }, { json: { id: 4 } }],
      event: { triggerId, type: "poll", dedupeKey: expect.stringMatching(/^poll:1:sha256:/) },
    },
  ]);
  expect(await stateOf(triggerId)).toMatchObject({ failures: 0, error: null, leaseId: null, polledAt: expect.any(Date) });
});

test("each event starts an execution of its own where the trigger says so, the oldest first", async () => {
  lists["/orders"] = [];
  await watch({ each: "event" });
  await pollDue();
  lists["/orders"] = ids(3, 2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[1], [2], [3]]);
  expect(engine.started.map(({ event }) => event.dedupeKey)).toEqual(["poll:1:1", "poll:1:2", "poll:1:3"]);
});

test("the rules say when it polls next, in the flow's zone, a little later for each trigger", async () => {
  lists["/orders"] = [];
  const { triggerId } = await watch({ rules: [{ every: "minutes", interval: 5 }] });
  const now = new Date(Date.now() + 1_000);
  await pollDue({ now: () => now });
  const slot = Math.ceil(now.getTime() / 300_000) * 300_000;
  const { nextAt } = await stateOf(triggerId);
  expect(nextAt?.getTime()).toBeGreaterThanOrEqual(slot);
  expect(nextAt?.getTime()).toBeLessThanOrEqual(slot + 30_000);
});

test("of several processes at once each trigger is polled by one, and each event starts one execution", async () => {
  for (let index = 0; index < 12; index++) {
    lists[`/list-${index}`] = [];
    await watch({ url: `${origin}/list-${index}`, each: "event" });
  }
  const drain = async () => {
    while ((await pollDue()) > 0);
  };
  await Promise.all([drain(), drain(), drain()]);
  await drain();
  expect(requests.length).toBe(12);
  expect(new Set(requests).size).toBe(12);
  for (const path of Object.keys(lists)) lists[path] = ids(2, 1);
  await due();
  const stops = [startPolling(), startPolling(), startPolling()];
  await expect.poll(() => engine.started.length, { timeout: 15_000 }).toBe(24);
  await Promise.all(stops.map((stop) => stop()));
  expect(requests.length).toBe(24);
  expect(await db().pollBatch.count()).toBe(0);
});

test("a process that dies between poll and commit loses and doubles nothing: another one polls once its lease is over", async () => {
  lists["/orders"] = [];
  const { triggerId } = await watch();
  await pollDue();
  lists["/orders"] = ids(1);
  await due();
  const [claim] = await claimPolls(new Date(), 10);
  expect(claim).toMatchObject({ triggerId });
  expect(await claimPolls(new Date(), 10)).toEqual([]);
  await db().pollState.update({ where: { triggerId }, data: { leaseUntil: new Date(0) } });
  expect(await pollDue()).toBe(1);
  expect(startedIds()).toEqual([[1]]);
  // The one that was taken for dead comes to itself: what it found counts no more.
  if (!claim) throw new Error("no claim");
  expect(await pollTrigger(claim, pollServices(), () => new Date(), new AbortController().signal)).toBe(0);
  const late = {
    events: [{ id: "1", item: { json: { id: 1 } } }],
    cursor: "{}",
    source: "x",
    isFirst: false,
    each: "batch",
    nextAt: null,
  } as const;
  expect(await recordPoll(claim, { ...late, events: [...late.events] })).toBeNull();
  expect(startedIds()).toEqual([[1]]);
});

test("a process that dies between commit and start leaves it to the next one, also when its start went through", async () => {
  lists["/orders"] = [];
  const { triggerId } = await watch();
  await pollDue();
  lists["/orders"] = ids(1);
  await due();
  const [claim] = await claimPolls(new Date(), 10);
  if (!claim) throw new Error("no claim");
  expect(await pollTrigger(claim, pollServices(), () => new Date(), new AbortController().signal)).toBe(1);
  expect(engine.started).toEqual([]);
  const { start } = engine;
  engine.start = async (execution) => {
    await start(execution);
    throw new Error("the answer was lost");
  };
  lists["/orders"] = ids(2, 1);
  expect(await pollAll(), "it waits for what was found before").toBe(0);
  engine.start = start;
  await db().pollBatch.updateMany({ data: { retryAt: new Date(0) } });
  await pollDue();
  await pollAll();
  expect(startedIds()).toEqual([[1], [2]]);
  expect(await stateOf(triggerId)).toMatchObject({ failures: 0 });
});

test("an event that is found again is none, whatever the cursor says", async () => {
  lists["/orders"] = [];
  const { triggerId } = await watch();
  await pollDue();
  const { cursor } = await stateOf(triggerId);
  lists["/orders"] = ids(1);
  await pollAll();
  // As if the provider's own cursor had gone back: 1 is found again, together with 2.
  await db().pollState.update({ where: { triggerId }, data: { cursor } });
  lists["/orders"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[1], [2]]);
});

test("a service that fails is left alone for longer and longer, its error is to be seen, and nothing is lost once it is back", async () => {
  lists["/orders"] = ids(1);
  const { triggerId } = await watch();
  await pollDue();
  const { cursor } = await stateOf(triggerId);
  lists["/orders"] = 503;
  const waits: number[] = [];
  for (let failures = 1; failures <= 3; failures++) {
    const now = new Date();
    await due();
    await pollDue({ now: () => now });
    const state = await stateOf(triggerId);
    expect(state).toMatchObject({ failures, cursor, leaseId: null, error: expect.stringContaining("503"), failedAt: expect.any(Date) });
    waits.push((state.nextAt?.getTime() ?? 0) - now.getTime());
  }
  expect(waits).toEqual([30_000, 60_000, 120_000]);
  lists["/orders"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[2]]);
  expect(await stateOf(triggerId)).toMatchObject({ failures: 0, error: null, failedAt: null });
});

test("the error flow is told of a trigger that keeps failing, once until it has worked again", async () => {
  const { id: errorFlow } = await createFlow({ ctx, input: { graph: lineOf({ Failed: { type: "error-trigger" } }), publish: true } });
  const { nodes, edges } = graphOf({});
  const graph = { nodes, edges, settings: { errorFlow } };
  const { id: flowId } = await createFlow({ ctx, input: { name: "Orders", graph, publish: true } });
  lists["/orders"] = [];
  await pollDue();
  lists["/orders"] = 500;
  await pollAll();
  await pollAll();
  expect(engine.started, "it may pass").toEqual([]);
  await pollAll();
  await pollAll();
  const error = { message: expect.stringContaining("500"), node: { id: "Watch", name: "Watch", type: "poll-http" } };
  expect(engine.started).toMatchObject([
    {
      flowId: errorFlow,
      mode: "error",
      items: [{ json: { trigger: { error, mode: "trigger" }, workflow: { id: flowId, name: "Orders" } } }],
    },
  ]);
  lists["/orders"] = [];
  await pollAll();
  lists["/orders"] = 404;
  await pollAll();
  expect(
    engine.started.map(({ items }) => JSON.stringify(items).includes("404")),
    "what somebody has to see to, at once",
  ).toEqual([false, true]);
});

test("what an answer cannot be read as is an error that says what it is", async () => {
  const { triggerId } = await watch({ listPath: "rows" });
  lists["/orders"] = [];
  await pollDue();
  expect((await stateOf(triggerId)).error).toBe('There is no list at "rows" of the answer. There is one in: items');
});

test("a flow that is off polls nothing; one that is on again goes on where it was", async () => {
  lists["/orders"] = ids(1);
  const { flowId } = await watch();
  await pollDue();
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  lists["/orders"] = ids(2, 1);
  expect(await pollAll()).toBe(0);
  await setFlowActive({ ctx, input: { id: flowId, active: true } });
  expect(await pollDue(), "it looks at once").toBe(1);
  expect(startedIds()).toEqual([[2]]);
});

test("what a poll finds while its flow is switched off is found again when it is on", async () => {
  lists["/orders"] = [];
  const { flowId } = await watch();
  await pollDue();
  lists["/orders"] = ids(1);
  await due();
  const [claim] = await claimPolls(new Date(), 10);
  if (!claim) throw new Error("no claim");
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  expect(await pollTrigger(claim, pollServices(), () => new Date(), new AbortController().signal)).toBe(0);
  await setFlowActive({ ctx, input: { id: flowId, active: true } });
  await pollDue();
  expect(startedIds()).toEqual([[1]]);
});

test("what was found and not started when its flow was switched off is kept to be replayed", async () => {
  lists["/orders"] = [];
  const { flowId, triggerId } = await watch();
  await pollDue();
  lists["/orders"] = ids(1);
  await due();
  const [claim] = await claimPolls(new Date(), 10);
  if (!claim) throw new Error("no claim");
  await pollTrigger(claim, pollServices(), () => new Date(), new AbortController().signal);
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  await pollDue();
  expect(engine.started).toEqual([]);
  expect(await db().triggerEvent.findMany({ where: { triggerId } })).toMatchObject([{ type: "poll", heldFor: "inactive" }]);
});

test("an edit that leaves the source as it is keeps its place; another source begins anew, with the same ids or not", async () => {
  lists["/orders"] = ids(1);
  lists["/invoices"] = ids(1);
  const { flowId, triggerId } = await watch();
  await pollDue();
  lists["/orders"] = ids(2, 1);
  await replaceFlow({ ctx, input: { id: flowId, graph: graphOf({ rules: [{ every: "hours", interval: 2 }] }), publish: true } });
  await pollDue();
  expect(startedIds()).toEqual([[2]]);
  await replaceFlow({ ctx, input: { id: flowId, graph: graphOf({ url: `${origin}/invoices` }), publish: true } });
  await pollDue();
  expect(startedIds(), "what the other list has is seen").toEqual([[2]]);
  lists["/invoices"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[2], [2]]);
  expect(await stateOf(triggerId)).toMatchObject({ generation: 2 });
});

test("a poll that is under way when another version is published is recorded for neither", async () => {
  lists["/orders"] = [];
  lists["/invoices"] = ids(7);
  const { flowId } = await watch();
  await pollDue();
  lists["/orders"] = ids(1);
  await due();
  const [claim] = await claimPolls(new Date(), 10);
  if (!claim) throw new Error("no claim");
  await replaceFlow({ ctx, input: { id: flowId, graph: graphOf({ url: `${origin}/invoices` }), publish: true } });
  expect(await pollTrigger(claim, pollServices(), () => new Date(), new AbortController().signal)).toBe(0);
  await pollDue();
  expect(engine.started).toEqual([]);
  expect(requests.at(-1)).toBe("/invoices");
});

test("a time in the address makes no other source of it", async () => {
  lists["/orders"] = ids(1);
  await watch({ url: `=${origin}/orders?since={{ $now.toMillis() }}` });
  await pollDue();
  lists["/orders"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[2]]);
});

test("an organization whose services hang leaves room for the others", async () => {
  lists["/orders"] = [];
  for (let index = 0; index < 8; index++) await watch();
  const { context: other } = await createMember({ role: "editor" });
  const { triggerId } = await watch({}, other);
  await db().pollState.updateMany({ where: { triggerId: { not: triggerId } }, data: { nextAt: new Date(0) } });
  const claims = await claimPolls(new Date(), 10);
  expect(claims).toHaveLength(6);
  expect(claims.map((claim) => claim.triggerId)).toContain(triggerId);
  expect(await claimPolls(new Date(), 10)).toEqual([]);
});

test("a process that stops gives up the polls that are under way, and they count as no failure", async () => {
  lists["/orders"] = [];
  const { triggerId } = await watch();
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  const stop = startPolling();
  await expect.poll(() => requests.length).toBe(1);
  await stop();
  release();
  expect(await stateOf(triggerId)).toMatchObject({ failures: 0, leaseId: null, polledAt: null });
});

test("a flow deleted for good takes its polls along", async () => {
  lists["/orders"] = [];
  const { flowId } = await watch();
  await pollDue();
  lists["/orders"] = ids(1);
  await pollAll();
  await db().flow.delete({ where: { id: flowId } });
  const { rows } = await sql().query(
    "select (select count(*) from poll_state)::int as states, (select count(*) from poll_event)::int as events",
  );
  expect(rows).toEqual([{ states: 0, events: 0 }]);
});

test("what polls have found is known for long, and their files go when no execution took them", async () => {
  lists["/orders"] = [];
  const { triggerId } = await watch();
  const { organizationId } = await db().trigger.findUniqueOrThrow({ where: { id: triggerId } });
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const event = { triggerId, organizationId, generation: 1 };
  await db().pollEvent.createMany({
    data: [
      { ...event, eventId: "old", foundAt: daysAgo(KEEP_POLLED_DAYS + 1) },
      { ...event, eventId: "new", foundAt: daysAgo(KEEP_POLLED_DAYS - 1) },
    ],
  });
  const file = { organizationId, contentType: "text/plain", size: 1, bytes: Buffer.from("x") };
  await db().payload.createMany({
    data: [
      { ...file, id: "poll_old", createdAt: daysAgo(40) },
      { ...file, id: "poll_new", createdAt: daysAgo(20) },
      { ...file, id: "other", createdAt: daysAgo(40) },
    ],
  });
  await pruneArrivals(sql());
  expect(await db().pollEvent.findMany({ select: { eventId: true } })).toEqual([{ eventId: "new" }]);
  expect((await db().payload.findMany({ select: { id: true } })).map(({ id }) => id).sort()).toEqual(["other", "poll_new"]);
});
