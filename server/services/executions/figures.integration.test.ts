import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ExecutionStatus } from "@/flow/execution/status";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { recordExecution } from "@/server/testing/executions";
import { createFlow, createMember } from "@/server/testing/factories";
import { recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { flowMetrics } from "./flow-metrics";
import { listFlowExecutions } from "./list-of-flow";
import { executionLogs } from "./logs";
import { flowExecution } from "./of-flow";
import { executionStatistics } from "./statistics";
import { stepEntries } from "./step-entries";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

let ctx: ServiceContext;
let stranger: ServiceContext;
let organizationId: string;
let flowId: string;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  setEngine(recordingEngine());
  stranger = (await createMember({ role: "owner" })).context;
});
beforeEach(async () => {
  const made = await createMember({ role: "viewer" });
  ctx = made.context;
  organizationId = made.member.organizationId;
  flowId = (await createFlow({ organizationId })).id;
});

/** An execution that was queued at an instant and took a time. */
async function ran(status: ExecutionStatus, values: { at?: string; ms?: number; flow?: string } = {}): Promise<string> {
  const at = new Date(values.at ?? Date.now() - 60_000);
  const { id, finishedAt } = await recordExecution({ organizationId, flowId: values.flow ?? flowId, status });
  await db().execution.update({
    where: { id },
    data: { createdAt: at, startedAt: at, finishedAt: finishedAt && new Date(at.getTime() + (values.ms ?? 10)) },
  });
  return id;
}

describe("figures of a flow", () => {
  test("count by status, and measure what ended", async () => {
    for (const ms of [100, 200, 900]) await ran("succeeded", { ms });
    await ran("failed", { ms: 300 });
    await ran("cancelled", { ms: 60_000 });
    await ran("running");
    const elsewhere = await createFlow({ organizationId });
    await ran("failed", { flow: elsewhere.id });
    expect(await flowMetrics({ ctx, input: { flowId } })).toEqual({
      flowId,
      totalExecutions: 6,
      statusBreakdown: { queued: 0, running: 1, waiting: 0, paused: 0, succeeded: 3, failed: 1, cancelled: 1, timed_out: 0 },
      successRate: 60,
      durations: { averageMs: 375, medianMs: 250, p95Ms: 810, sample: 4 },
    });
  });

  test("are those of the time that was asked for", async () => {
    await ran("succeeded", { at: "2026-01-01T12:00:00Z" });
    await ran("failed", { at: "2026-01-02T12:00:00Z" });
    const figures = await flowMetrics({ ctx, input: { flowId, from: "2026-01-02T00:00:00Z", to: "2026-01-03T00:00:00Z" } });
    expect(figures).toMatchObject({ totalExecutions: 1, successRate: 0, durations: { sample: 1 } });
  });

  test("say nothing of a rate or a time before anything has ended", async () => {
    await ran("queued");
    expect(await flowMetrics({ ctx, input: { flowId } })).toMatchObject({
      totalExecutions: 1,
      successRate: null,
      durations: { averageMs: null, medianMs: null, p95Ms: null, sample: 0 },
    });
  });

  test("are not another organization's to see", async () => {
    await expect(flowMetrics({ ctx: stranger, input: { flowId } })).rejects.toMatchObject({ code: "not_found" });
    await expect(listFlowExecutions({ ctx: stranger, input: { flowId } })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("executions of a flow", () => {
  test("are listed by status with limit and offset, newest first", async () => {
    const failed = [await ran("failed", { at: "2026-01-01T00:00:00Z" }), await ran("failed", { at: "2026-01-02T00:00:00Z" })];
    await ran("succeeded", { at: "2026-01-03T00:00:00Z" });
    const list = async (offset: number) =>
      (await listFlowExecutions({ ctx, input: { flowId, status: ["failed"], limit: 1, offset } })).executions;
    expect(await list(0)).toMatchObject([{ executionId: failed[1], flowId, status: "failed", createdAt: "2026-01-02T00:00:00.000Z" }]);
    expect(await list(1)).toMatchObject([{ executionId: failed[0] }]);
    expect(await list(2)).toEqual([]);
  });

  test("tell what they were given and what came of them, and only as the flow's own", async () => {
    const { id } = await recordExecution({
      organizationId,
      flowId,
      steps: [{ nodeId: "start", output: { outputs: [[{ json: { n: 1 } }, { json: { n: 2 } }]] } }],
    });
    await db().execution.update({ where: { id }, data: { lastKey: "start#0", variables: '{"userId":"u"}' } });
    expect(await flowExecution({ ctx, input: { flowId, id } })).toMatchObject({
      executionId: id,
      flowId,
      status: "succeeded",
      inputs: { userId: "u" },
      outputs: [{ n: 1 }, { n: 2 }],
    });
    const { executions } = await listFlowExecutions({ ctx, input: { flowId } });
    expect(executions.find(({ executionId }) => executionId === id)).toMatchObject({
      userId: null,
      userEmail: null,
      inputs: { userId: "u" },
      outputs: [{ n: 1 }, { n: 2 }],
    });
    const other = await createFlow({ organizationId });
    await expect(flowExecution({ ctx, input: { flowId: other.id, id } })).rejects.toMatchObject({ code: "not_found" });
    await expect(flowExecution({ ctx: stranger, input: { flowId, id } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("are told step by step, a visit once however often it was tried", async () => {
    const { id } = await recordExecution({
      organizationId,
      flowId,
      status: "failed",
      steps: [
        { nodeId: "start", output: { outputs: [[{ json: {} }]] } },
        { nodeId: "fields", status: "failed", attempt: 1, error: { name: "Error", message: "first" } },
        { nodeId: "fields", status: "failed", attempt: 2, error: { name: "Error", message: "second" } },
      ],
    });
    expect((await stepEntries({ ctx, input: { flowId, id } })).steps).toMatchObject([
      { executionId: id, stepKey: "start#0", status: "succeeded", attempts: 1, counts: [1] },
      { executionId: id, stepKey: "fields#0", status: "failed", attempts: 2, error: { message: "second" } },
    ]);
  });
});

describe("logs", () => {
  test("come in order, by level and by step, page after page, and to nobody else", async () => {
    const id = await ran("succeeded");
    await db().executionLog.createMany({
      data: Array.from({ length: 7 }, (_, index) => ({
        organizationId,
        executionId: id,
        stepKey: index === 0 ? null : `fields#${index % 2}`,
        level: index % 3 === 0 ? "error" : "info",
        message: `line ${index}`,
        data: index === 1 ? '{"a":1}' : index === 2 ? '{"cut' : null,
      })),
    });
    const first = await executionLogs({ ctx, input: { id, limit: 4 } });
    const second = await executionLogs({ ctx, input: { id, limit: 4, cursor: first.nextCursor } });
    expect([...first.logs, ...second.logs].map(({ message }) => message)).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `line ${index}`));
    expect(second.nextCursor).toBeNull();
    expect(first.logs[0]).toMatchObject({ stepKey: null, nodeId: null, level: "error", data: null });
    expect(first.logs[1]).toMatchObject({ stepKey: "fields#1", nodeId: "fields", data: { a: 1 } });
    expect(first.logs[2]).toMatchObject({ data: '{"cut' });
    const messages = async (filter: object) => (await executionLogs({ ctx, input: { id, ...filter } })).logs.map(({ message }) => message);
    expect(await messages({ level: ["error"] })).toEqual(["line 0", "line 3", "line 6"]);
    expect(await messages({ stepKey: "fields#1", level: ["info"] })).toEqual(["line 1", "line 5"]);
    await expect(executionLogs({ ctx: stranger, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("statistics", () => {
  test("add up executions and steps of a time, whole days included", async () => {
    const at = (time: string) => new Date(time);
    const { id } = await recordExecution({
      organizationId,
      flowId,
      status: "failed",
      steps: [
        { nodeId: "start", output: { outputs: [[]] } },
        { nodeId: "fields", status: "failed", attempt: 1 },
        { nodeId: "fields", status: "failed", attempt: 2 },
        { nodeId: "other", status: "skipped" },
      ],
    });
    await db().executionStep.update({ where: { executionId_seq: { executionId: id, seq: 2 } }, data: { wakeAt: new Date() } });
    await db().execution.update({
      where: { id },
      data: { createdAt: at("2026-01-31T23:30:00Z"), startedAt: at("2026-01-31T23:30:00Z"), finishedAt: at("2026-01-31T23:30:01Z") },
    });
    await ran("succeeded", { at: "2026-01-01T00:00:00Z", ms: 3000 });
    await ran("succeeded", { at: "2026-02-01T00:00:00Z" });
    expect(await executionStatistics({ ctx, input: { from: "2026-01-01", to: "2026-01-31" } })).toMatchObject({
      totalExecutions: 2,
      completedSteps: 1,
      failedSteps: 1,
      skippedSteps: 1,
      stepsOf: 2,
      avgExecutionTime: 2000,
      successRate: 50,
      timeRange: { from: "2026-01-01T00:00:00.000Z", to: "2026-01-31T23:59:59.999Z" },
    });
    expect(await executionStatistics({ ctx: stranger, input: { from: "2026-01-01", flowId } })).toMatchObject({ totalExecutions: 0 });
  });

  test("refuse what is no time", async () => {
    await expect(executionStatistics({ ctx, input: { from: "yesterday" } })).rejects.toMatchObject({ code: "invalid" });
  });
});
