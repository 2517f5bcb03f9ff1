import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { graphSchema } from "@/flow/graph/schema";
import { db } from "@/server/db";
import { createWriteGuard } from "@/server/execution/write-guard";
import type { ServiceContext } from "@/server/services/context";
import { sql } from "@/server/sql";
import { createFlow, createMember } from "@/server/testing/factories";
import { withOutsideServer } from "@/server/testing/outside-server";
import { withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { cancelExecution } from "./control";
import { decide, pendingDecisions } from "./decisions";
import { listExecutions } from "./list";
import { executionSnapshot } from "./snapshot";
import { startExecution } from "./start";
import { stepDetail } from "./step-detail";

withTestDatabase();

let calls: (string | undefined)[] = [];
let answers = false;
const outside = withOutsideServer((request, response) => {
  calls.push(request.headers["idempotency-key"] as string | undefined);
  response.setHeader("content-type", "application/json");
  if (answers) response.end('{"paid":true}');
});
const engine = withRunningEngine();

let ctx: ServiceContext;
let organizationId: string;
beforeAll(async () => {
  const made = await createMember({ role: "editor" });
  ctx = made.context;
  organizationId = made.member.organizationId;
});
beforeEach(() => {
  calls = [];
  answers = false;
});

const node = (id: string, type: string, over: object = {}) => ({ id, name: id, type, position: { x: 0, y: 0 }, ...over });

/** A payment that gets no answer in time. */
async function asked(settings: object = { unclear: "ask" }): Promise<string> {
  const graph = graphSchema.parse({
    nodes: [
      node("Start", "manual-trigger"),
      node("Pay", "http-request", { parameters: { method: "POST", url: outside.url, timeoutMs: 100 }, settings }),
      node("After", "set", { parameters: { include: "all", fields: [] } }),
    ],
    edges: [
      { id: "1", source: "Start", target: "Pay" },
      { id: "2", source: "Pay", target: "After" },
    ],
  });
  const flow = await createFlow({ organizationId, graph });
  const { executionId } = await startExecution({ ctx, input: { flowId: flow.id } });
  return executionId;
}
const pending = (id: string) => pendingDecisions({ ctx, input: { id } });
const untilAsked = (id: string) => vi.waitFor(async () => expect(await pending(id)).toHaveLength(1), { timeout: 10_000, interval: 20 });
async function ended(id: string) {
  await engine.outcome(id);
  return (await executionSnapshot({ ctx, input: { id } })).execution;
}

test("a payment without an answer waits for somebody to say what became of it; it was done: the flow goes on with what they give", async () => {
  const id = await asked();
  await untilAsked(id);
  expect(await pending(id)).toMatchObject([{ key: "Pay#0", nodeId: "Pay", attempt: 1 }]);
  await vi.waitFor(async () => expect((await executionSnapshot({ ctx, input: { id } })).execution.status).toBe("waiting"), {
    timeout: 10_000,
  });
  expect((await listExecutions({ ctx, input: { needsDecision: true } })).executions.map((each) => each.id)).toEqual([id]);
  await decide({ ctx, input: { id, key: "Pay#0", decision: "done", items: [{ json: { receipt: 7 } }] } });
  expect(await ended(id)).toMatchObject({ status: "succeeded" });
  expect(calls).toHaveLength(1);
  expect((await stepDetail({ ctx, input: { id, key: "After#0" } })).outputs[0]?.items[0]?.json).toEqual({ receipt: 7 });
  expect((await listExecutions({ ctx, input: { needsDecision: true } })).executions).toEqual([]);
  await expect(decide({ ctx, input: { id, key: "Pay#0", decision: "again" } })).rejects.toMatchObject({ code: "conflict" });
});

test("run again: with the same idempotency key, and asked about again when there is no answer again", async () => {
  const id = await asked();
  await untilAsked(id);
  await decide({ ctx, input: { id, key: "Pay#0", decision: "again" } });
  await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 10_000 });
  await untilAsked(id);
  answers = true;
  await decide({ ctx, input: { id, key: "Pay#0", decision: "again" } });
  expect(await ended(id)).toMatchObject({ status: "succeeded" });
  expect(calls).toHaveLength(3);
  expect(new Set(calls).size).toBe(1);
});

test("it failed: the execution fails, and says who decided that", async () => {
  const id = await asked();
  await untilAsked(id);
  await decide({ ctx, input: { id, key: "Pay#0", decision: "failed" } });
  expect(await ended(id)).toMatchObject({
    status: "failed",
    error: { nodeName: "Pay", message: expect.stringContaining("decided that this step failed") },
  });
});

test("without that setting a time-out is a failure as any other; a cancelled execution asks nobody", async () => {
  expect(await ended(await asked({}))).toMatchObject({ status: "failed" });
  const id = await asked();
  await untilAsked(id);
  await cancelExecution({ ctx, input: { id } });
  expect(await pending(id)).toEqual([]);
  expect((await listExecutions({ ctx, input: { needsDecision: true } })).executions).toEqual([]);
});

test("an attempt that is found begun is asked about: its process ended before it did", async () => {
  const { id } = await createFlow({ organizationId });
  const guard = () => createWriteGuard(sql(), { id: `exec_of_${id}`, organizationId });
  const attempt = { key: "Pay#0", nodeId: "Pay", attempt: 1 };
  expect(await guard().begin(attempt)).toEqual({ state: "go" });
  expect(await guard().begin(attempt)).toEqual({ state: "asked", asked: 1 });
  expect(await guard().begin(attempt)).toEqual({ state: "asked", asked: 1 });
  // The next attempt is one of its own: this one's end was seen.
  expect(await guard().begin({ ...attempt, attempt: 2 })).toEqual({ state: "go" });
  await db().executionDecision.updateMany({ where: { executionId: `exec_of_${id}`, attempt: 1 }, data: { state: "again" } });
  expect(await guard().begin(attempt)).toEqual({ state: "go" });
  expect(await guard().begin(attempt)).toEqual({ state: "asked", asked: 2 });
});

test("is for editors of the organization", async () => {
  const id = await asked();
  await untilAsked(id);
  const { context: viewer } = await createMember({ organizationId, role: "viewer" });
  const { context: stranger } = await createMember({ role: "owner" });
  const input = { id, key: "Pay#0", decision: "again" } as const;
  await expect(decide({ ctx: viewer, input })).rejects.toMatchObject({ code: "forbidden" });
  await expect(decide({ ctx: stranger, input })).rejects.toMatchObject({ code: "not_found" });
  await expect(pendingDecisions({ ctx: stranger, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  await cancelExecution({ ctx, input: { id } });
});
