import { beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { ServiceError } from "@/server/services/errors";
import { createFlow } from "@/server/services/flows/create";
import { listFlows } from "@/server/services/flows/list";
import { replaceFlow } from "@/server/services/flows/replace";
import { setFlowActive } from "@/server/services/flows/set-active";
import { getTrigger } from "@/server/services/triggers/get";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { nextScheduleAt, startDue, startSchedules } from "./schedule";

withTestDatabase();

let ctx: ServiceContext;
let engine: RecordingEngine;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});
beforeEach(async () => {
  await db().flow.deleteMany();
  engine = recordingEngine();
  setEngine(engine);
});

const clock = (rule: JsonObject, name = "clock", catchUp?: string) => ({
  id: name,
  name,
  type: "schedule-trigger",
  version: 1,
  position: { x: 0, y: 0 },
  parameters: { rules: [rule], ...(catchUp && { catchUp }) },
});

async function schedule(rule: JsonObject, due: Date, timezone?: string, catchUp?: string): Promise<{ flowId: string; triggerId: string }> {
  const node = clock(rule, "clock", catchUp);
  const graph = { nodes: [node], edges: [], settings: { ...(timezone && { timezone }) }, variables: {} };
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph, publish: true } });
  const triggerId = triggers[0]?.id ?? "";
  await db().trigger.update({ where: { id: triggerId }, data: { nextAt: due } });
  return { flowId, triggerId };
}

const at = (time: string) => new Date(`2026-03-02T${time}Z`);
const hourly = { every: "hours", interval: 1, minute: 0 };
const nextOf = async (triggerId: string) => (await db().trigger.findUniqueOrThrow({ where: { id: triggerId } })).nextAt;

test("a slot starts its flow once, with the instant that it stands for, and the next one is noted", async () => {
  const { flowId, triggerId } = await schedule(hourly, at("09:00:00"), "Europe/Berlin");
  expect(await startDue(at("08:59:59"))).toBe(0);
  expect(await startDue(at("09:00:01"))).toBe(1);
  expect(await startDue(at("09:00:02"))).toBe(0);
  expect(engine.started).toMatchObject([
    {
      flowId,
      flowVersion: 1,
      mode: "schedule",
      triggerNodeId: "clock",
      items: [{ json: { Hour: "10", timestamp: "2026-03-02T10:00:00.000+01:00" } }],
      event: { triggerId, type: "schedule", dedupeKey: "slot:2026-03-02T09:00:00.000Z" },
    },
  ]);
  expect(await nextOf(triggerId)).toEqual(at("10:00:00"));
});

test("of slots that were missed the last one is made up for", async () => {
  const { triggerId } = await schedule(hourly, at("03:00:00"));
  await startDue(at("09:30:00"));
  expect(engine.started.map(({ event }) => event.dedupeKey)).toEqual(["slot:2026-03-02T09:00:00.000Z"]);
  expect(await nextOf(triggerId)).toEqual(at("10:00:00"));
});

test("missed slots are skipped, or all made up for, where the schedule says so", async () => {
  const skipping = await schedule(hourly, at("03:00:00"), undefined, "skip");
  expect(await startDue(at("09:30:00"))).toBe(0);
  expect(await nextOf(skipping.triggerId)).toEqual(at("10:00:00"));
  const catching = await schedule({ every: "minutes", interval: 1 }, at("07:30:00"), undefined, "all");
  while ((await startDue(at("09:30:00"))) > 0);
  const slots = engine.started.map(({ event }) => event.dedupeKey);
  expect(slots).toEqual(Array.from({ length: 121 }, (_, n) => `slot:${new Date(at("07:30:00").getTime() + n * 60_000).toISOString()}`));
  expect(await nextOf(catching.triggerId)).toEqual(at("09:31:00"));
});

test("what fails in the middle of catching up goes on there, with none left out and none twice", async () => {
  await schedule(hourly, at("03:00:00"), undefined, "all");
  const { start } = engine;
  let calls = 0;
  engine.start = (execution) => (++calls === 3 ? Promise.reject(new Error("away")) : start(execution));
  expect(await startDue(at("09:30:00"))).toBe(2);
  expect(await startDue(at("09:30:01"))).toBe(5);
  expect(engine.started.map(({ event }) => event.dedupeKey?.slice(16, 18))).toEqual(["03", "04", "05", "06", "07", "08", "09"]);
});

test("over processes that come and go, every slot of a day starts once", async () => {
  await schedule({ every: "minutes", interval: 10 }, at("00:00:00"), undefined, "all");
  const { start } = engine;
  let calls = 0;
  // Every seventh answer is lost after the start: as if the process had died before it took note.
  engine.start = async (execution) => {
    const started = await start(execution);
    if (++calls % 7 === 0) throw new Error("the process is gone");
    return started;
  };
  let now = at("00:00:00");
  const processes = new Set<() => Promise<void>>();
  for (let hour = 0; hour <= 23; hour++) {
    now = at(`${String(hour).padStart(2, "0")}:55:00`);
    for (let count = hour % 3; count >= 0; count--) processes.add(startSchedules({ now: () => now }));
    if (hour % 4 === 3) {
      await Promise.all([...processes].map((stop) => stop()));
      processes.clear();
    }
  }
  await Promise.all([...processes].map((stop) => stop()));
  while ((await startDue(now)) > 0 || engine.started.length < 144);
  const slots = engine.started.map(({ event }) => event.dedupeKey);
  expect(slots).toHaveLength(144);
  expect(new Set(slots).size).toBe(144);
});

test("several schedulers at once start each of many schedules once", async () => {
  for (let index = 0; index < 120; index++) await schedule(hourly, at("09:00:00"));
  const drain = async () => {
    while ((await startDue(at("09:00:05"))) > 0);
  };
  await Promise.all([drain(), drain(), drain()]);
  await drain();
  expect(engine.started).toHaveLength(120);
  expect(new Set(engine.started.map(({ event }) => event.triggerId)).size).toBe(120);
});

test("a crash between the start and the note starts the slot no second time", async () => {
  const { triggerId } = await schedule(hourly, at("09:00:00"));
  await startDue(at("09:00:01"));
  await db().trigger.update({ where: { id: triggerId }, data: { nextAt: at("09:00:00") } });
  await startDue(at("09:00:02"));
  expect(engine.started).toHaveLength(1);
});

test("a slot that cannot be started stays due, and does not hold up the others", async () => {
  const broken = await schedule(hourly, at("08:00:00"));
  await schedule(hourly, at("09:00:00"));
  const { start } = engine;
  let isBroken = true;
  engine.start = (execution) => (isBroken && execution.flowId === broken.flowId ? Promise.reject(new Error("away")) : start(execution));
  expect(await startDue(at("09:00:01"))).toBe(1);
  isBroken = false;
  expect(await startDue(at("09:00:02"))).toBe(1);
  expect(engine.started).toHaveLength(2);
});

const statusOf = async (id: string) => (await getTrigger({ ctx, input: { id } })).schedule;
const markOf = async (flowId: string) => (await listFlows({ ctx, input: {} })).flows.find(({ id }) => id === flowId)?.triggerFailure;

test("what keeps a schedule from starting is told with since when, until a start has worked", async () => {
  const { flowId, triggerId } = await schedule({ every: "minutes", interval: 1 }, at("09:00:00"));
  const { start } = engine;
  let refusal: Error | null = new ServiceError("unavailable", "Executions arrive faster than the database records them");
  engine.start = (execution) => (refusal ? Promise.reject(refusal) : start(execution));
  await startDue(at("09:00:01"));
  const failing = { error: "Executions arrive faster than the database records them", failingSince: at("09:00:01").toISOString() };
  expect(await statusOf(triggerId)).toEqual({
    ...failing,
    failures: 1,
    failedAt: failing.failingSince,
    nextAt: at("09:00:00").toISOString(),
  });
  expect(await markOf(flowId), "one failure may be over with the next look").toBeNull();
  refusal = new Error("connection string of the database");
  await startDue(at("09:00:02"));
  const status = await statusOf(triggerId);
  expect(status).toMatchObject({ failures: 2, failingSince: failing.failingSince, failedAt: at("09:00:02").toISOString() });
  expect(status?.error, "a fault of ours is in the log").toMatch(new RegExp(`^Something went wrong on our side\\..*${triggerId}$`));
  expect(await markOf(flowId)).toEqual({ nodeId: "clock", error: status?.error, failingSince: failing.failingSince });
  refusal = null;
  expect(await startDue(at("09:00:05"))).toBe(1);
  expect(await statusOf(triggerId)).toEqual({
    failures: 0,
    error: null,
    failedAt: null,
    failingSince: null,
    nextAt: at("09:01:00").toISOString(),
  });
  expect(await markOf(flowId)).toBeNull();
});

test("schedules that cannot be started hold up no others, however many they are", async () => {
  const clocks = Array.from({ length: 60 }, (_, index) => clock(hourly, `clock-${index}`));
  const { id: broken } = await createFlow({ ctx, input: { graph: { nodes: clocks, edges: [] }, publish: true } });
  await db().trigger.updateMany({ where: { flowId: broken }, data: { nextAt: at("08:00:00") } });
  const { flowId } = await schedule(hourly, at("09:00:00"));
  const { start } = engine;
  engine.start = (execution) => (execution.flowId === flowId ? start(execution) : Promise.reject(new Error("away")));
  for (let look = 0; look < 4; look++) await startDue(at(`09:00:0${look}`));
  expect(engine.started).toMatchObject([{ flowId }]);
});

test("times that are skipped are no start that has worked", async () => {
  const { triggerId } = await schedule(hourly, at("08:00:00"), undefined, "skip");
  const { start } = engine;
  engine.start = () => Promise.reject(new Error("away"));
  await startDue(at("08:00:00"));
  await startDue(at("08:00:01"));
  await startDue(at("08:30:00"));
  expect(await statusOf(triggerId)).toMatchObject({ failures: 2, nextAt: at("09:00:00").toISOString() });
  engine.start = start;
  await startDue(at("09:00:00"));
  expect(await statusOf(triggerId)).toMatchObject({ failures: 0, error: null });
});

test("a version and rules that cannot be read any more say what is wrong with them", async () => {
  const version = await schedule(hourly, at("09:00:00"));
  await db().flowVersion.updateMany({ where: { flowId: version.flowId }, data: { graph: { nodes: "none" } } });
  const gone = await schedule(hourly, at("09:00:00"));
  await db().flowVersion.updateMany({
    where: { flowId: gone.flowId },
    data: { graph: { nodes: [], edges: [], settings: {}, variables: {} } },
  });
  const rules = await schedule(hourly, at("09:00:00"));
  await db().trigger.update({ where: { id: rules.triggerId }, data: { config: { rules: [{ every: "cron", cron: "at noon" }] } } });
  await startDue(at("09:00:01"));
  const errorOf = async (triggerId: string) => (await statusOf(triggerId))?.error;
  expect(await errorOf(version.triggerId)).toMatch(/^Version 1 of the flow cannot be read: nodes: .+\. Publish the flow again$/);
  expect(await errorOf(gone.triggerId)).toBe("The published version does not have this trigger any more. Publish the flow again");
  expect(await errorOf(rules.triggerId)).toMatch(
    /^The schedule cannot be read: rules\[0\]\.cron: is not a cron expression: .+\. Mend it and publish the flow again$/,
  );
});

test("an organization with no room is told so once its trigger keeps as much as it may", async () => {
  const { triggerId } = await schedule(hourly, at("09:00:00"));
  engine.start = () => Promise.reject(new ServiceError("rate_limited", "5 executions of the organization are queued; try again later"));
  await startDue(at("09:00:01"));
  expect(await statusOf(triggerId), "it is kept, and starts once there is room").toMatchObject({ failures: 0, error: null });
  await db().$executeRaw`update trigger_event set input_bytes = 300000000 where trigger_id = ${triggerId}`;
  await startDue(at("10:00:01"));
  expect(await statusOf(triggerId)).toMatchObject({ failures: 1, error: "5 executions of the organization are queued; try again later" });
});

test("what is published anew, or switched on, has not failed yet", async () => {
  const { flowId, triggerId } = await schedule(hourly, at("09:00:00"));
  const { start } = engine;
  const fail = async () => {
    await db().trigger.update({ where: { id: triggerId }, data: { nextAt: at("09:00:00") } });
    engine.start = () => Promise.reject(new Error("away"));
    await startDue(at("09:00:01"));
    await startDue(at("09:00:02"));
    engine.start = start;
    expect(await statusOf(triggerId)).toMatchObject({ failures: 2 });
  };
  const anew = { failures: 0, error: null, failedAt: null, failingSince: null };
  await fail();
  await replaceFlow({ ctx, input: { id: flowId, graph: { nodes: [clock({ ...hourly, minute: 5 })], edges: [] }, publish: true } });
  expect(await statusOf(triggerId)).toMatchObject(anew);
  await fail();
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  expect(await statusOf(triggerId)).toMatchObject({ nextAt: null });
  await setFlowActive({ ctx, input: { id: flowId, active: true } });
  expect(await statusOf(triggerId)).toMatchObject(anew);
});

test("a flow that is off is not what the next look waits for", async () => {
  const off = await schedule(hourly, at("09:00:00"));
  await setFlowActive({ ctx, input: { id: off.flowId, active: false } });
  const on = await schedule(hourly, at("10:00:00"));
  expect(await nextScheduleAt()).toEqual(at("10:00:00"));
  await db().trigger.update({ where: { id: on.triggerId }, data: { retryAt: at("10:00:40") } });
  expect(await nextScheduleAt(), "nor is one that is left alone").toEqual(at("10:00:40"));
});

test("a flow that is off, deleted or has no schedule any more starts nothing", async () => {
  const off = await schedule(hourly, at("09:00:00"));
  await setFlowActive({ ctx, input: { id: off.flowId, active: false } });
  const deleted = await schedule(hourly, at("09:00:00"));
  await db().flow.update({ where: { id: deleted.flowId }, data: { deletedAt: new Date() } });
  expect(await startDue(at("09:00:01"))).toBe(0);
});

test("runs beside the requests until it is stopped", async () => {
  await schedule(hourly, at("09:00:00"));
  const stop = startSchedules({ now: () => at("09:00:01") });
  await expect.poll(() => engine.started.length).toBe(1);
  await stop();
  await schedule(hourly, at("09:00:00"));
  expect(engine.started).toHaveLength(1);
});
