import { beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { setFlowActive } from "@/server/services/flows/set-active";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { startDue, startSchedules } from "./schedule";

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

async function schedule(rule: JsonObject, due: Date, timezone?: string, catchUp?: string): Promise<{ flowId: string; triggerId: string }> {
  const node = {
    id: "clock",
    name: "Clock",
    type: "schedule-trigger",
    version: 1,
    position: { x: 0, y: 0 },
    parameters: { rules: [rule], ...(catchUp && { catchUp }) },
  };
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
