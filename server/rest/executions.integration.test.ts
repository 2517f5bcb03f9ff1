import { afterAll, beforeAll, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import { createApiKey, createMember } from "@/server/testing/factories";
import { lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../services/context";
import { setFlowActive } from "../services/flows/set-active";
import { startEvents } from "../triggers/events";
import { handleWebhook } from "../triggers/webhook";
import { handleRest } from "./handler";

/** What programs do with executions over the API, on the engine that runs them: asked by key, answered as the guides say. */
withTestDatabase();
const engine = withRunningEngine();

const APP = "http://localhost:3000";
let key: string;
let ctx: ServiceContext;
let stopEvents: () => Promise<void>;
beforeAll(async () => {
  const { member } = await createMember({ role: "owner" });
  ({ key, context: ctx } = await createApiKey({ organizationId: member.organizationId, role: "editor" }));
  stopEvents = startEvents();
});
afterAll(() => stopEvents());

type Body = Record<string, unknown>;
async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const request = new Request(`${APP}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const response = await handleRest(request);
  return { status: response.status, body: (await response.json()) as Body };
}

async function publish(graph: Graph, more: object = {}): Promise<{ id: string; triggerIds: string[] }> {
  const { status, body } = await send("POST", "/flows?publish=true", { name: "Orders", graph, ...more });
  expect([status, body.error]).toEqual([201, undefined]);
  return { id: body.id as string, triggerIds: (body.triggers as { id: string }[]).map(({ id }) => id) };
}

const adds = { type: "set", parameters: { mode: "json", json: '{"total": 3}' } };
const sums = lineOf({ Start: { type: "manual-trigger" }, Sum: adds });
const breaks = lineOf({ Start: { type: "manual-trigger" }, Stop: { type: "stop-and-error", parameters: { message: "no stock" } } });
const waits = lineOf({ Start: { type: "manual-trigger" }, Ask: { type: "wait", parameters: { resume: "approval" } } });

const execute = (flowId: string, body: object = {}, headers = {}) => send("POST", `/flows/${flowId}/execute`, body, headers);
const run = async (flowId: string): Promise<string> => {
  const { body } = await execute(flowId);
  await engine.outcome(body.executionId as string);
  return body.executionId as string;
};

test("a flow is executed, at once with its result where the caller waits for it, and once for one key", async () => {
  const { id } = await publish(sums);
  const waited = await execute(id, { variables: { userId: "u1" }, useDurable: false });
  expect(waited).toMatchObject({
    status: 200,
    body: { flowId: id, duplicate: false, status: "succeeded", error: null, output: [{ total: 3 }] },
  });
  expect(waited.body.executionId).toMatch(/^exec_\w+$/);
  const queued = await execute(id, { useDurable: true }, { "idempotency-key": "order 17" });
  expect(queued).toMatchObject({ status: 202, body: { status: "queued", duplicate: false } });
  const again = await execute(id, {}, { "idempotency-key": "order 17" });
  expect(again).toMatchObject({ status: 202, body: { executionId: queued.body.executionId, duplicate: true } });
  await engine.outcome(queued.body.executionId as string);
  const { body } = await send("GET", `/flows/${id}/executions/${waited.body.executionId}`);
  expect(body).toMatchObject({
    executionId: waited.body.executionId,
    status: "succeeded",
    inputs: { userId: "u1" },
    outputs: [{ total: 3 }],
  });
  expect((await execute(id, { useDurable: "no" })).status).toBe(422);
});

test("a caller who waits is told of a failure as such", async () => {
  const { id } = await publish(breaks);
  const { status, body } = await execute(id, { useDurable: false });
  expect([status, body.status, body.output]).toEqual([200, "failed", null]);
  expect(body.error).toMatchObject({ nodeName: "Stop", message: "no stock" });
});

test("executions are listed by status with limit and offset, counted, and told of step by step", async () => {
  const { id } = await publish(sums);
  const ids = [await run(id), await run(id), await run(id)].reverse();
  const list = async (query: string) => {
    const { body } = await send("GET", `/flows/${id}/executions?${query}`);
    return (body.executions as { executionId: string }[]).map(({ executionId }) => executionId);
  };
  expect(await list("status=succeeded&limit=2")).toEqual(ids.slice(0, 2));
  expect(await list("status=succeeded&limit=2&offset=2")).toEqual(ids.slice(2));
  expect(await list("status=failed,running")).toEqual([]);
  expect((await send("GET", `/flows/${id}/executions?status=lost`)).status).toBe(422);
  const { body: metrics } = await send("GET", `/flows/${id}/metrics`);
  expect(metrics).toMatchObject({ flowId: id, totalExecutions: 3, successRate: 100, statusBreakdown: { succeeded: 3, failed: 0 } });
  const { body: record } = await send("GET", `/execution-logs/${id}/execution/${ids[0]}`);
  expect((record.steps as Body[]).map(({ stepKey, status }) => [stepKey, status])).toEqual([
    ["Start#0", "succeeded"],
    ["Sum#0", "succeeded"],
  ]);
  const year = new Date().getUTCFullYear();
  const { body: now } = await send("GET", `/execution-logs/stats?flowId=${id}&from=${year}-01-01&to=${year}-12-31`);
  expect(now).toMatchObject({ totalExecutions: 3, completedSteps: 6, failedSteps: 0, skippedSteps: 0, successRate: 100 });
  expect(now.timeRange).toEqual({ from: `${year}-01-01T00:00:00.000Z`, to: `${year}-12-31T23:59:59.999Z` });
  const { body: before } = await send("GET", `/execution-logs/stats?flowId=${id}&from=2020-01-01&to=2020-12-31`);
  expect(before).toMatchObject({ totalExecutions: 0, successRate: null });
});

test("what a step logs is read by level", async () => {
  const code = 'console.log("counted", 3); console.warn("low"); return $input.all();';
  const { id } = await publish(lineOf({ Start: { type: "manual-trigger" }, Count: { type: "code", parameters: { code } } }));
  const executionId = await run(id);
  const lines = async (query = "") => {
    const { body } = await send("GET", `/flows/${id}/executions/${executionId}/logs${query}`);
    return (body.logs as { level: string; stepKey: string }[]).map(({ level, stepKey }) => `${level} ${stepKey}`);
  };
  await expect.poll(() => lines()).toEqual(["info Count#0", "warn Count#0"]);
  expect(await lines("?level=warn")).toEqual(["warn Count#0"]);
});

test("one that waits is paused, goes on, and is cancelled; what has ended is run again", async () => {
  const { id } = await publish(waits);
  const { executionId } = (await execute(id)).body;
  const status = async () => (await send("GET", `/executions/${executionId}`)).body.status;
  await expect.poll(status).toBe("waiting");
  expect((await send("POST", `/executions/${executionId}/pause`)).status).toBe(200);
  await expect.poll(status).toBe("paused");
  expect((await send("POST", `/executions/${executionId}/resume-run`)).status).toBe(200);
  await expect.poll(status).toBe("waiting");
  expect((await send("POST", `/flows/${id}/executions/${executionId}/retry`)).status).toBe(409);
  const cancelled = await send("POST", `/flows/${id}/executions/${executionId}/cancel`);
  expect(cancelled).toEqual({ status: 200, body: { executionId, flowId: id, cancelled: true } });
  expect(await status()).toBe("cancelled");
  expect((await send("POST", `/flows/${id}/executions/${executionId}/cancel`)).status).toBe(409);
  const retried = await send("POST", `/flows/${id}/executions/${executionId}/retry`);
  expect(retried).toMatchObject({ status: 202, body: { flowId: id, retryOfId: executionId, status: "queued" } });
  await send("POST", `/executions/${retried.body.executionId}/cancel`);
});

test("what a flow says of its executions is taken from a request's configuration, and held to", async () => {
  const execution = {
    concurrency: { limit: 1, overlap: "skip" },
    timeout: 600_000,
    retryPolicy: { maxRetries: 2, backoffStrategy: "fixed", baseDelayMs: 10 },
  };
  const { id } = await publish(waits, { config: { execution } });
  const { body } = await send("GET", `/flows/${id}`);
  expect((body.graph as Graph).settings).toMatchObject({
    concurrency: { limit: 1, overlap: "skip" },
    timeoutMs: 600_000,
    retryPolicy: { maxAttempts: 3, backoff: "fixed", waitMs: 10 },
  });
  const first = (await execute(id)).body.executionId;
  const second = (await execute(id)).body.executionId;
  expect((await engine.outcome(second as string)).error?.message).toContain("Skipped");
  await send("POST", `/executions/${first}/cancel`);
});

test("executions that failed alike are resumed on the mended draft, after a plan of it", async () => {
  const { id } = await publish(breaks);
  const failed = [await run(id), await run(id)];
  const mended = lineOf({ Start: { type: "manual-trigger" }, Stop: adds });
  expect((await send("PUT", `/flows/${id}`, { graph: mended })).status).toBe(200);
  const { body: plan } = await send("GET", `/executions/${failed[0]}/resumption?target=draft`);
  expect((plan.nodes as Body[]).map(({ nodeName, reuse, run }) => [nodeName, reuse, run])).toEqual([
    ["Start", 1, 0],
    ["Stop", 0, 1],
  ]);
  expect((await send("POST", `/executions/${failed[0]}/resumption`, { revision: 1 })).status).toBe(409);
  expect((await send("GET", `/executions/${failed[0]}/same-error`)).body).toMatchObject({ count: 2 });
  const { status, body } = await send("POST", `/executions/${failed[0]}/same-error/resumption`, { target: "draft" });
  const resumed = body.resumed as { id: string; executionId: string }[];
  expect([status, resumed.map((each) => each.id), body.next]).toEqual([202, failed, null]);
  for (const { executionId } of resumed) expect((await engine.outcome(executionId)).status).toBe("succeeded");
  expect((await send("GET", `/executions/${failed[0]}/same-error`)).body).toMatchObject({ count: 0 });
});

test("an event starts what listens to it, once for one id or key; what came while a flow was off is listed, replayed, discarded", async () => {
  const listens = lineOf({ On: { type: "event-trigger", parameters: { name: "order.paid" } }, Sum: adds });
  const { id } = await publish(listens);
  const event = { name: "order.paid", data: { order: { id: 17 } } };
  const first = await send("POST", "/events", event, { "idempotency-key": "delivery-1" });
  const second = await send("POST", "/events", event, { "idempotency-key": "delivery-1" });
  expect([first.status, first.body.duplicate, second.body]).toEqual([202, false, { id: first.body.id, duplicate: true }]);
  const executions = async () => (await send("GET", `/flows/${id}/executions`)).body.executions as Body[];
  await expect.poll(async () => (await executions()).map(({ status }) => status)).toEqual(["succeeded"]);

  const hook = await publish(lineOf({ Hook: { type: "webhook-trigger" }, Sum: adds }));
  await setFlowActive({ ctx, input: { id: hook.id, active: false } });
  const call = (n: number) =>
    handleWebhook(
      new Request(`${APP}/api/hooks/${hook.triggerIds[0]}`, {
        method: "POST",
        body: JSON.stringify({ n }),
        headers: { "content-type": "application/json" },
      }),
      hook.triggerIds[0] ?? "",
    );
  for (const n of [1, 2]) expect((await call(n)).status).toBe(202);
  const kept = async (state: string) => {
    const { body } = await send("GET", `/arrivals?state=${state}&flowId=${hook.id}&type=webhook`);
    return (body.arrivals as { id: string }[]).map((arrival) => arrival.id);
  };
  const [newest = "", oldest = ""] = await kept("waiting");
  expect((await send("GET", `/arrivals/${oldest}`)).body).toMatchObject({ heldFor: "inactive", items: [{ json: { body: { n: 1 } } }] });
  const replayed = await send("POST", `/arrivals/${oldest}/replay`);
  expect([replayed.status, (await engine.outcome(replayed.body.executionId as string)).status]).toEqual([202, "succeeded"]);
  expect((await send("DELETE", `/arrivals/${newest}`)).body).toEqual({ id: newest, discarded: true });
  expect([await kept("waiting"), await kept("replayed")]).toEqual([[], [oldest]]);
});
