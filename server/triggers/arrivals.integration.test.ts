import { afterAll, beforeAll, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { env, resetEnv } from "@/server/env";
import { createEngine, type RunningEngine } from "@/server/execution/create-engine";
import { setEngine } from "@/server/execution/get-engine";
import { replayArrival } from "@/server/services/arrivals/replay";
import type { ServiceContext } from "@/server/services/context";
import { executionSnapshot } from "@/server/services/executions/snapshot";
import { stepDetail } from "@/server/services/executions/step-detail";
import { createFlow } from "@/server/services/flows/create";
import { setFlowActive } from "@/server/services/flows/set-active";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleResume } from "./resume";
import { startDue } from "./schedule";
import { handleWebhook } from "./webhook";

/** From an arrival to its answer and its history, on the engine that runs by default. */
withTestDatabase();

let ctx: ServiceContext;
let running: RunningEngine;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.EXECUTION_ENGINE = "embedded";
  resetEnv();
  ({ context: ctx } = await createMember({ role: "editor" }));
  running = await createEngine(env(), { send: async () => {}, findRun: async () => "known" });
  setEngine(running.engine);
});
afterAll(() => running?.stop());

const node = (id: string, type: string, parameters: JsonObject = {}) => ({
  id,
  name: id,
  type,
  version: 1,
  position: { x: 0, y: 0 },
  parameters,
});
const lineOf = (...nodes: Graph["nodes"]): Graph => ({
  nodes,
  edges: nodes.slice(1).map((each, index) => ({
    id: `e${index}`,
    source: nodes[index]?.id ?? "",
    sourceHandle: "main",
    target: each.id,
    targetHandle: "main",
  })),
  settings: {},
  variables: {},
});

async function publish(graph: Graph): Promise<{ flowId: string; triggerId: string }> {
  const { id, triggers } = await createFlow({ ctx, input: { graph, publish: true } });
  return { flowId: id, triggerId: triggers[0]?.id ?? "" };
}

const call = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  handleWebhook(
    new Request(`http://localhost:3000/api/hooks/${id}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    }),
    id,
  );

const double = node("Double", "set", { fields: [{ name: "double", type: "number", value: "={{ $json.body.n * 2 }}" }] });

test("a webhook is answered with what the last node gave, and its steps are found afterwards as they ran", async () => {
  const { flowId, triggerId } = await publish(lineOf(node("Hook", "webhook-trigger", { responseMode: "lastNode" }), double));
  const answer = await call(triggerId, { n: 21 });
  expect([answer.status, await answer.json()]).toEqual([200, { double: 42 }]);
  const { id } = await db().execution.findFirstOrThrow({ where: { flowId } });
  const { execution, steps } = await executionSnapshot({ ctx, input: { id } });
  expect(execution).toMatchObject({ status: "succeeded", mode: "webhook", flowVersion: 1, seq: steps.length + 1 });
  expect(steps.map(({ nodeId }) => nodeId)).toEqual(["Hook", "Double"]);
  expect(await stepDetail({ ctx, input: { id, key: "Double#0" } })).toMatchObject({
    inputs: [{ items: [{ json: { body: { n: 21 } } }], sources: [{ nodeName: "Hook" }] }],
    resolved: { values: { fields: [{ value: 42 }] }, errors: [] },
    outputs: [{ items: [{ json: { double: 42 } }] }],
  });
});

test("a hundred copies of one delivery start one execution, and each is answered with its result", async () => {
  const { flowId, triggerId } = await publish(lineOf(node("Hook", "webhook-trigger", { responseMode: "lastNode" }), double));
  const answers = await Promise.all(Array.from({ length: 100 }, () => call(triggerId, { n: 1 }, { "idempotency-key": "once" })));
  for (const answer of answers) expect([answer.status, await answer.json()]).toEqual([200, { double: 2 }]);
  expect(await db().execution.count({ where: { flowId } })).toBe(1);
  expect(await db().triggerEvent.count({ where: { flowId } })).toBe(1);
});

test("a thousand different ones start a thousand, each recorded before it was acknowledged", async () => {
  const { flowId, triggerId } = await publish(lineOf(node("Hook", "webhook-trigger"), double));
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => call(triggerId, { n })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await db().triggerEvent.count({ where: { flowId } })).toBe(1000);
  await expect.poll(() => db().execution.count({ where: { flowId, status: "succeeded" } }), { timeout: 20_000 }).toBe(1000);
});

test("a call kept while its flow was off runs once it is replayed, one time for any number of replays and deliveries", async () => {
  const { flowId, triggerId } = await publish(lineOf(node("Hook", "webhook-trigger", { responseMode: "lastNode" }), double));
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  const delivery = { "x-github-delivery": "kept" };
  const kept = await call(triggerId, { n: 21 }, delivery);
  const { arrivalId } = (await kept.json()) as { arrivalId: string };
  expect(kept.status).toBe(202);
  expect(await db().execution.count({ where: { flowId } })).toBe(0);
  await setFlowActive({ ctx, input: { id: flowId, active: true } });
  const [again, ...replays] = await Promise.all([
    call(triggerId, { n: 21 }, delivery),
    ...Array.from({ length: 5 }, () => replayArrival({ ctx, input: { id: arrivalId } })),
  ]);
  expect(await again.json()).toEqual({ double: 42 });
  expect(new Set(replays.map(({ executionId }) => executionId)).size).toBe(1);
  expect(await db().execution.findMany({ where: { flowId } })).toMatchObject([{ id: replays[0]?.executionId, status: "succeeded" }]);
  expect(await db().triggerEvent.count({ where: { flowId, executionId: { not: null } } })).toBe(1);
});

test("two schedulers and a crash between start and note give one execution a slot", async () => {
  const { flowId, triggerId } = await publish(
    lineOf(node("Clock", "schedule-trigger", { rules: [{ every: "hours", interval: 1 }] }), node("After", "no-op")),
  );
  const due = new Date("2026-03-02T09:00:00Z");
  const set = () => db().trigger.update({ where: { id: triggerId }, data: { nextAt: due } });
  await set();
  await Promise.all([startDue(new Date("2026-03-02T09:00:01Z")), startDue(new Date("2026-03-02T09:00:01Z"))]);
  await set();
  await startDue(new Date("2026-03-02T09:00:02Z"));
  expect(await db().execution.count({ where: { flowId } })).toBe(1);
});

test("a flow that waits for a decision goes on with it, once", async () => {
  const wait = node("Ask", "wait", { resume: "approval" });
  const { flowId, triggerId } = await publish(lineOf(node("Hook", "webhook-trigger"), wait, node("After", "set", { include: "all" })));
  await call(triggerId, {});
  const find = () => db().execution.findFirstOrThrow({ where: { flowId } });
  await expect.poll(async () => (await find()).status).toBe("waiting");
  const { id } = await find();
  const { resumeUrl } = await import("./resume-links");
  const url = resumeUrl(id);
  const token = url.split("/").at(-1) ?? "";
  const decide = (approved: boolean) =>
    handleResume(
      new Request(url, { method: "POST", body: JSON.stringify({ approved }), headers: { "content-type": "application/json" } }),
      { executionId: id, token },
    );
  const answers = await Promise.all([decide(true), decide(false), decide(true)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  await expect.poll(async () => (await find()).status).toBe("succeeded");
  const { steps } = await executionSnapshot({ ctx, input: { id } });
  expect(steps.map(({ nodeId, status }) => `${nodeId} ${status}`)).toEqual([
    "Hook succeeded",
    "Ask waiting",
    "Ask succeeded",
    "After succeeded",
  ]);
});
