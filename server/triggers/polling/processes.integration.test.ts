import { expect, test } from "vitest";
import { db } from "@/server/db";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { claimPolls } from "./claim";
import { pollDue, startPolling } from "./loop";
import { recordPoll } from "./record";
import { claimOne, due, ids, poll, pollAll, stateOf, withWatchedLists } from "./testing/watched-lists";

withTestDatabase();
const at = withWatchedLists();
const { lists, requests, watch, watchFrom, startedIds } = at;

test("of several processes at once each trigger is polled by one, and each event starts one execution", async () => {
  for (let index = 0; index < 12; index++) {
    lists[`/list-${index}`] = [];
    await watch({ url: at.urlOf(`/list-${index}`), each: "event" });
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
  await expect.poll(() => at.engine.started.length, { timeout: 15_000 }).toBe(24);
  await Promise.all(stops.map((stop) => stop()));
  expect(requests.length).toBe(24);
  expect(await db().pollBatch.count()).toBe(0);
});

test("a process that dies between poll and commit loses and doubles nothing: another one polls once its lease is over", async () => {
  const { triggerId } = await watchFrom([]);
  lists["/orders"] = ids(1);
  const claim = await claimOne();
  expect(claim).toMatchObject({ triggerId });
  expect(await claimPolls(new Date(), 10)).toEqual([]);
  await db().pollState.update({ where: { triggerId }, data: { leaseUntil: new Date(0) } });
  expect(await pollDue()).toBe(1);
  expect(startedIds()).toEqual([[1]]);
  // The one that was taken for dead comes to itself: what it found counts no more.
  expect(await poll(claim)).toBe(0);
  const events = [{ id: "1", item: { json: { id: 1 } } }];
  expect(await recordPoll(claim, { events, cursor: "{}", source: "x", isFirst: false, each: "batch", nextAt: null })).toBeNull();
  expect(startedIds()).toEqual([[1]]);
});

test("a process that dies between commit and start leaves it to the next one, also when its start went through", async () => {
  const { engine } = at;
  const { triggerId } = await watchFrom([]);
  lists["/orders"] = ids(1);
  expect(await poll(await claimOne())).toBe(1);
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
  const release = at.hold();
  const stop = startPolling();
  await expect.poll(() => requests.length).toBe(1);
  await stop();
  release();
  expect(await stateOf(triggerId)).toMatchObject({ failures: 0, leaseId: null, polledAt: null });
});
