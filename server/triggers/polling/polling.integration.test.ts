import { expect, test } from "vitest";
import { db } from "@/server/db";
import { createFlow } from "@/server/services/flows/create";
import { sql } from "@/server/sql";
import { lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { KEEP_POLLED_DAYS, pruneArrivals } from "../prune-arrivals";
import { pollDue } from "./loop";
import { due, ids, pollAll, stateOf, withWatchedLists } from "./testing/watched-lists";

withTestDatabase();
const at = withWatchedLists();
const { lists, watch, watchFrom, startedIds } = at;

test("what is there at first starts nothing; what is new starts one execution with all of it, once", async () => {
  const { flowId, triggerId } = await watch();
  lists["/orders"] = ids(2, 1);
  expect(await pollDue()).toBe(1);
  expect(at.engine.started).toEqual([]);
  lists["/orders"] = ids(4, 3, 2, 1);
  expect(await pollDue(), "it is not due yet").toBe(0);
  await pollAll();
  await pollAll();
  expect(at.engine.started).toMatchObject([
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
  await watchFrom([], { each: "event" });
  lists["/orders"] = ids(3, 2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[1], [2], [3]]);
  expect(at.engine.started.map(({ event }) => event.dedupeKey)).toEqual(["poll:1:1", "poll:1:2", "poll:1:3"]);
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

test("an event that is found again is none, whatever the cursor says", async () => {
  const { triggerId } = await watchFrom([]);
  const { cursor } = await stateOf(triggerId);
  lists["/orders"] = ids(1);
  await pollAll();
  // As if the provider's own cursor had gone back: 1 is found again, together with 2.
  await db().pollState.update({ where: { triggerId }, data: { cursor } });
  lists["/orders"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[1], [2]]);
});

test("a time in the address makes no other source of it", async () => {
  await watchFrom(ids(1), { url: `=${at.urlOf("/orders")}?since={{ $now.toMillis() }}` });
  lists["/orders"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[2]]);
});

test("a service that fails is left alone for longer and longer, its error is to be seen, and nothing is lost once it is back", async () => {
  const { triggerId } = await watchFrom(ids(1));
  const { cursor } = await stateOf(triggerId);
  lists["/orders"] = 503;
  const waits: number[] = [];
  const since = new Set<number | undefined>();
  for (let failures = 1; failures <= 3; failures++) {
    const now = new Date();
    await due();
    await pollDue({ now: () => now });
    const state = await stateOf(triggerId);
    expect(state).toMatchObject({ failures, cursor, leaseId: null, error: expect.stringContaining("503"), failedAt: expect.any(Date) });
    waits.push((state.nextAt?.getTime() ?? 0) - now.getTime());
    since.add(state.failingSince?.getTime());
    if (failures === 1) expect(state.failingSince).toEqual(state.failedAt);
  }
  expect(since.size, "since the first of them").toBe(1);
  expect(waits).toEqual([30_000, 60_000, 120_000]);
  lists["/orders"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[2]]);
  expect(await stateOf(triggerId)).toMatchObject({ failures: 0, error: null, failedAt: null, failingSince: null });
});

test("the error flow is told of a trigger that keeps failing, once until it has worked again", async () => {
  const { ctx, engine } = at;
  const { id: errorFlow } = await createFlow({ ctx, input: { graph: lineOf({ Failed: { type: "error-trigger" } }), publish: true } });
  const { nodes, edges } = at.graphOf();
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
  const { triggerId } = await watchFrom([], { listPath: "rows" });
  expect((await stateOf(triggerId)).error).toBe('There is no list at "rows" of the answer. There is one in: items');
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
