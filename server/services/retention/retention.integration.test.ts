import pg from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ExecutionStatus } from "@/flow/execution/status";
import { db } from "@/server/db";
import { checkInvariants } from "@/server/execution/invariants";
import { sql } from "@/server/sql";
import { recordExecution, twoStepGraph } from "@/server/testing/executions";
import { createFlow, createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { publishFlow } from "../flows/publish";
import { startRetention } from "./loop";
import { prune } from "./prune";
import { getRetention, setRetention } from "./settings";

const database = withTestDatabase({ unchecked: "its executions are rows that it wrote and deleted itself" });

const now = new Date("2026-06-01T00:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

let ctx: ServiceContext;
let organizationId: string;
let flowId: string;
beforeAll(() => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
beforeEach(async () => {
  // What an earlier test left is kept for ever from here on.
  await db().organization.updateMany({
    data: { retainSucceededDays: null, retainFailedDays: null, retainLogDays: null, retainDeletedFlowDays: null },
  });
  const made = await createMember({ role: "admin" });
  ctx = made.context;
  organizationId = made.member.organizationId;
  flowId = (await createFlow({ organizationId, graph: twoStepGraph() })).id;
});

/** An execution with something in every table, ended (or begun) a number of days ago. */
async function ran(status: ExecutionStatus, days: number, values: { flow?: string; flowVersion?: number } = {}): Promise<string> {
  const { id, finishedAt } = await recordExecution({
    organizationId,
    flowId: values.flow ?? flowId,
    status,
    steps: [{ nodeId: "start", output: { outputs: [[{ json: {} }]] } }],
  });
  const at = daysAgo(days);
  await db().execution.update({
    where: { id },
    data: {
      createdAt: at,
      startedAt: at,
      finishedAt: finishedAt && at,
      ...(values.flowVersion !== undefined && { flowVersion: values.flowVersion, draftGraph: null }),
    },
  });
  const payloadId = `payload-${id}`;
  await db().payload.create({
    data: { id: payloadId, organizationId, executionId: id, contentType: "application/json", size: 1, bytes: Buffer.from("1") },
  });
  await db().executionStep.updateMany({ where: { executionId: id }, data: { payloadId, startedAt: at, finishedAt: at } });
  await db().executionLog.create({ data: { organizationId, executionId: id, level: "info", message: "said", at } });
  await db().triggerEvent.upsert({
    where: { executionId: id },
    create: { id: `event-${id}`, organizationId, flowId: values.flow ?? flowId, type: "manual", executionId: id, receivedAt: at },
    update: {},
  });
  return id;
}

const left = async (): Promise<string[]> =>
  (await db().execution.findMany({ where: { organizationId }, select: { id: true }, orderBy: { createdAt: "asc" } })).map(({ id }) => id);

/** Rows that are still there of an execution. */
async function traces(id: string): Promise<number> {
  const where = { executionId: id };
  const counts = await Promise.all([
    db().execution.count({ where: { id } }),
    db().executionStep.count({ where }),
    db().executionWait.count({ where }),
    db().executionSignal.count({ where }),
    db().executionLog.count({ where }),
    db().payload.count({ where }),
    db().triggerEvent.count({ where }),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

const keep = (
  days: Partial<Record<"retainSucceededDays" | "retainFailedDays" | "retainLogDays" | "retainDeletedFlowDays", number | null>>,
) =>
  db().organization.update({
    where: { id: organizationId },
    data: { retainSucceededDays: 90, retainFailedDays: 180, retainLogDays: null, retainDeletedFlowDays: 30, ...days },
  });

describe("executions", () => {
  test("go whole once their time is over: succeeded ones after 90 days, failed ones after 180", async () => {
    await keep({});
    const gone = [await ran("succeeded", 91), await ran("cancelled", 91), await ran("failed", 181), await ran("timed_out", 181)];
    const kept = [await ran("failed", 179), await ran("timed_out", 91), await ran("succeeded", 89), await ran("cancelled", 1)];
    expect(await prune({ now })).toEqual({ executions: 4, logs: 0, flows: 0, isDone: true });
    expect(await left()).toEqual(kept);
    for (const id of gone) expect(await traces(id)).toBe(0);
    for (const id of kept) expect(await traces(id)).toBe(5);
    expect(await checkInvariants(sql())).toEqual([]);
  });

  test("that have not ended stay, however old", async () => {
    await keep({ retainSucceededDays: 1, retainFailedDays: 1 });
    const kept: string[] = [];
    for (const status of ["queued", "running", "waiting", "paused"] as const) kept.push(await ran(status, 1000));
    expect(await prune({ now })).toMatchObject({ executions: 0, isDone: true });
    expect((await left()).sort()).toEqual(kept.sort());
    await db().execution.deleteMany({ where: { organizationId } });
  });

  test("count from their end, not from their start", async () => {
    await keep({});
    const id = await ran("succeeded", 400);
    await db().execution.update({ where: { id }, data: { finishedAt: daysAgo(10) } });
    await prune({ now });
    expect(await left()).toEqual([id]);
  });

  test("stay for ever where the organization says so, whatever the others say", async () => {
    await keep({ retainSucceededDays: null });
    const id = await ran("succeeded", 3000);
    const failed = await ran("failed", 3000);
    await prune({ now });
    expect(await left()).toEqual([id]);
    expect(await traces(failed)).toBe(0);
  });

  test("with long journals go in batches of their own, and all of them go", async () => {
    await keep({});
    const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => ran("succeeded", 100 + index)));
    await db().execution.updateMany({ where: { id: { in: ids.slice(0, 3) } }, data: { seq: 20_000 } });
    expect(await prune({ now, pauseMs: 0 })).toMatchObject({ executions: 12, isDone: true });
    expect(await left()).toEqual([]);
  });

  test("go once, when several processes delete at the same time", async () => {
    await keep({});
    for (let index = 0; index < 10; index++) await ran("succeeded", 100 + index);
    await db().execution.updateMany({ where: { organizationId }, data: { seq: 4_000 } });
    const rounds = await Promise.all([1, 2, 3].map(() => prune({ now, pauseMs: 0 })));
    const counted = rounds.reduce((sum, { executions }) => sum + executions, 0) + (await prune({ now })).executions;
    expect(counted).toBe(10);
    expect(await left()).toEqual([]);
  });

  test("are left alone while another process is at it, and when the time is up", async () => {
    await keep({});
    const id = await ran("succeeded", 100);
    const elsewhere = new pg.Client({ connectionString: database.url });
    await elsewhere.connect();
    await elsewhere.query("select pg_advisory_lock(7708, 1)");
    expect(await prune({ now })).toMatchObject({ executions: 0, isDone: false });
    await elsewhere.end();
    expect(await prune({ now, signal: AbortSignal.abort() })).toMatchObject({ executions: 0, isDone: false });
    expect(await left()).toEqual([id]);
  });
});

test("log lines go before the executions that they are of", async () => {
  await keep({ retainLogDays: 30 });
  const id = await ran("succeeded", 31);
  await ran("succeeded", 29);
  expect(await prune({ now })).toEqual({ executions: 0, logs: 1, flows: 0, isDone: true });
  expect(await db().executionLog.count({ where: { executionId: id } })).toBe(0);
  expect(await left()).toHaveLength(2);
});

describe("deleted flows", () => {
  const deleteAt = (days: number) => db().flow.update({ where: { id: flowId }, data: { deletedAt: daysAgo(days) } });

  test("go after 30 days with their versions, triggers and executions", async () => {
    await keep({});
    await publishFlow({ ctx, input: { id: flowId } });
    const id = await ran("failed", 40, { flowVersion: 1 });
    const kept = { id: `kept-${id}`, organizationId, contentType: "application/json", size: 1, bytes: Buffer.from("1") };
    await db().payload.create({ data: kept });
    await db().triggerEvent.create({
      data: { id: kept.id, organizationId, flowId, type: "webhook", heldFor: "paused", inputPayloadId: kept.id },
    });
    await deleteAt(31);
    expect(await prune({ now })).toMatchObject({ executions: 1, flows: 1, isDone: true });
    expect(await traces(id)).toBe(0);
    for (const count of [
      db().flow.count({ where: { id: flowId } }),
      db().flowVersion.count({ where: { flowId } }),
      db().trigger.count({ where: { flowId } }),
      db().triggerEvent.count({ where: { flowId } }),
      db().payload.count({ where: { organizationId } }),
    ])
      expect(await count).toBe(0);
  });

  test("stay with the version that an execution under way refers to, until it has ended", async () => {
    await keep({});
    await publishFlow({ ctx, input: { id: flowId } });
    const id = await ran("waiting", 40, { flowVersion: 1 });
    await deleteAt(31);
    expect(await prune({ now })).toMatchObject({ executions: 0, flows: 0, isDone: true });
    expect(await db().flowVersion.count({ where: { flowId } })).toBe(1);
    await db().execution.update({ where: { id }, data: { status: "cancelled", finishedAt: daysAgo(0.1) } });
    expect(await prune({ now })).toMatchObject({ executions: 1, flows: 1 });
  });

  test("can be brought back until then", async () => {
    await keep({});
    await deleteAt(29);
    expect(await prune({ now })).toMatchObject({ flows: 0 });
    expect(await db().flow.count({ where: { id: flowId } })).toBe(1);
  });
});

describe("the settings", () => {
  test("begin as 90, 180, 30 and 30 days", async () => {
    const fresh = await createMember({ role: "viewer" });
    expect(await getRetention({ ctx: fresh.context })).toEqual({ succeededDays: 90, failedDays: 180, logDays: 30, deletedFlowDays: 30 });
  });

  test("are an admin's to change, one by one, and the change is recorded", async () => {
    const set = await setRetention({ ctx, input: { succeededDays: 7, logDays: null } });
    expect(set).toMatchObject({ succeededDays: 7, logDays: null });
    expect(await getRetention({ ctx })).toEqual(set);
    expect(await db().auditLog.findFirst({ where: { organizationId } })).toMatchObject({
      action: "organization.setRetention",
      data: expect.objectContaining({ succeededDays: 7 }),
    });
    const { context: editor } = await createMember({ organizationId, role: "editor" });
    await expect(setRetention({ ctx: editor, input: { succeededDays: 1 } })).rejects.toMatchObject({ code: "forbidden" });
  });

  test.each([0, -1, 1.5, 4000, "7"])("refuse %j days", async (succeededDays) => {
    await expect(setRetention({ ctx, input: { succeededDays: succeededDays as number } })).rejects.toMatchObject({ code: "invalid" });
  });
});

test("the loop deletes by itself, and ends when it is told to", async () => {
  await keep({});
  await ran("succeeded", 100_000);
  const stop = startRetention({ firstMs: 1, everyMs: 20 });
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
  await stop();
  await ran("succeeded", 100_000);
  expect(await left()).toHaveLength(1);
});
