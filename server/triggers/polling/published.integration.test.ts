import { expect, test } from "vitest";
import { db } from "@/server/db";
import { replaceFlow } from "@/server/services/flows/replace";
import { setFlowActive } from "@/server/services/flows/set-active";
import { sql } from "@/server/sql";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { pollDue } from "./loop";
import { claimOne, ids, poll, pollAll, stateOf, withWatchedLists } from "./testing/watched-lists";

withTestDatabase();
const at = withWatchedLists();
const { lists, watchFrom, startedIds } = at;

const switchTo = (active: boolean, id: string) => setFlowActive({ ctx: at.ctx, input: { id, active } });
const publish = (id: string, parameters: Parameters<typeof at.graphOf>[0]) =>
  replaceFlow({ ctx: at.ctx, input: { id, graph: at.graphOf(parameters), publish: true } });

test("a flow that is off polls nothing; one that is on again goes on where it was", async () => {
  const { flowId } = await watchFrom(ids(1));
  await switchTo(false, flowId);
  lists["/orders"] = ids(2, 1);
  expect(await pollAll()).toBe(0);
  await switchTo(true, flowId);
  expect(await pollDue(), "it looks at once").toBe(1);
  expect(startedIds()).toEqual([[2]]);
});

test("what a poll finds while its flow is switched off is found again when it is on", async () => {
  const { flowId } = await watchFrom([]);
  lists["/orders"] = ids(1);
  const claim = await claimOne();
  await switchTo(false, flowId);
  expect(await poll(claim)).toBe(0);
  await switchTo(true, flowId);
  await pollDue();
  expect(startedIds()).toEqual([[1]]);
});

test("what was found and not started when its flow was switched off is kept to be replayed", async () => {
  const { flowId, triggerId } = await watchFrom([]);
  lists["/orders"] = ids(1);
  await poll(await claimOne());
  await switchTo(false, flowId);
  await pollDue();
  expect(at.engine.started).toEqual([]);
  expect(await db().triggerEvent.findMany({ where: { triggerId } })).toMatchObject([{ type: "poll", heldFor: "inactive" }]);
});

test("an edit that leaves the source as it is keeps its place; another source begins anew, with the same ids or not", async () => {
  lists["/invoices"] = ids(1);
  const { flowId, triggerId } = await watchFrom(ids(1));
  lists["/orders"] = ids(2, 1);
  await publish(flowId, { rules: [{ every: "hours", interval: 2 }] });
  await pollDue();
  expect(startedIds()).toEqual([[2]]);
  await publish(flowId, { url: at.urlOf("/invoices") });
  await pollDue();
  expect(startedIds(), "what the other list has is seen").toEqual([[2]]);
  lists["/invoices"] = ids(2, 1);
  await pollAll();
  expect(startedIds()).toEqual([[2], [2]]);
  expect(await stateOf(triggerId)).toMatchObject({ generation: 2 });
});

test("a poll that is under way when another version is published is recorded for neither", async () => {
  lists["/invoices"] = ids(7);
  const { flowId } = await watchFrom([]);
  lists["/orders"] = ids(1);
  const claim = await claimOne();
  await publish(flowId, { url: at.urlOf("/invoices") });
  expect(await poll(claim)).toBe(0);
  await pollDue();
  expect(at.engine.started).toEqual([]);
  expect(at.requests.at(-1)).toBe("/invoices");
});

test("a flow deleted for good takes its polls along", async () => {
  const { flowId } = await watchFrom([]);
  lists["/orders"] = ids(1);
  await pollAll();
  await db().flow.delete({ where: { id: flowId } });
  const { rows } = await sql().query(
    "select (select count(*) from poll_state)::int as states, (select count(*) from poll_event)::int as events",
  );
  expect(rows).toEqual([{ states: 0, events: 0 }]);
});
