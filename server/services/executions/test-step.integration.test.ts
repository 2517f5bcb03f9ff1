import { afterAll, beforeAll, expect, test } from "vitest";
import { graphSchema } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { env, resetEnv } from "@/server/env";
import { createEngine, type RunningEngine } from "@/server/execution/create-engine";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createFlow, createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { publishFlow } from "../flows/publish";
import { executionGraph } from "./graph";
import { retryExecution } from "./retry";
import { executionSnapshot } from "./snapshot";
import { executeFlow, startExecution } from "./start";
import { stepDetail } from "./step-detail";
import { testStep } from "./test-step";

withTestDatabase();

let running: RunningEngine;
let ctx: ServiceContext;
let organizationId: string;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.EXECUTION_ENGINE = "embedded";
  resetEnv();
  const made = await createMember({ role: "editor" });
  ctx = made.context;
  organizationId = made.member.organizationId;
  running = await createEngine(env(), { send: async () => {}, findRun: async () => "known" });
  setEngine(running.engine);
});
afterAll(() => running?.stop());

const node = (id: string, type: string, over: object = {}) => ({ id, name: id, type, position: { x: 0, y: 0 }, ...over });
const sets = (name: string, value: string) => ({
  parameters: { include: "all", fields: [{ name, type: "string", value }] } as JsonObject,
});

//  Start ─> A ─> B ─> C
const line = (over: Record<string, object> = {}) =>
  graphSchema.parse({
    nodes: [
      node("Start", "manual-trigger"),
      node("A", "set", { ...sets("a", "={{ $execution.id }}"), ...over.A }),
      node("B", "set", { ...sets("b", "={{ $execution.id }}"), ...over.B }),
      node("C", "stop-and-error", over.C),
    ],
    edges: [
      { id: "1", source: "Start", target: "A" },
      { id: "2", source: "A", target: "B" },
      { id: "3", source: "B", target: "C" },
    ],
  });

const flowOf = (graph = line()) => createFlow({ organizationId, graph });

async function ended(executionId: string) {
  await running.engine.outcome(executionId, "end", AbortSignal.timeout(10_000));
  const { execution, steps } = await executionSnapshot({ ctx, input: { id: executionId } });
  return { execution, keys: steps.map(({ key }) => key) };
}
const detail = (id: string, key: string) => stepDetail({ ctx, input: { id, key } });
const given = async (id: string, key: string) => (await detail(id, key)).outputs[0]?.items[0]?.json;

test("runs what the node needs and stops there; it is in the history as a run by hand", async () => {
  const flow = await flowOf();
  const { executionId } = await testStep({ ctx, input: { flowId: flow.id, nodeId: "B" } });
  expect(await ended(executionId)).toMatchObject({
    execution: { status: "succeeded", mode: "manual", flowVersion: null },
    keys: ["Start#0", "A#0", "B#0"],
  });
  expect((await executionGraph({ ctx, input: { id: executionId } })).graph.partial).toEqual({ destination: "B" });
});

test("takes what nodes gave in the last run, and says so; nodes that changed since run again", async () => {
  const flow = await flowOf();
  const first = (await testStep({ ctx, input: { flowId: flow.id, nodeId: "A", items: [{ json: { n: 1 } }] } })).executionId;
  await ended(first);
  const second = (await testStep({ ctx, input: { flowId: flow.id, nodeId: "B", from: first } })).executionId;
  expect((await ended(second)).keys).toEqual(["Start#0", "A#0", "B#0"]);
  expect(await given(second, "B#0")).toEqual({ n: 1, a: first, b: second });
  expect((await detail(second, "A#0")).given).toBe("earlier");
  expect((await detail(second, "B#0")).given).toBeNull();

  const changed = await flowOf(line({ A: sets("a", "changed") }));
  const other = (await testStep({ ctx, input: { flowId: changed.id, nodeId: "B", from: first } })).executionId;
  await ended(other);
  // Another flow's execution is none of this one's.
  expect(await given(other, "B#0")).toEqual({ a: "changed", b: other });
});

test("starts at pinned data, and does so again when it is retried", async () => {
  const flow = await flowOf(line({ A: { pinned: [{ json: { pinned: true } }] } }));
  const { executionId } = await testStep({ ctx, input: { flowId: flow.id, nodeId: "B" } });
  expect((await ended(executionId)).keys).toEqual(["A#0", "B#0"]);
  expect((await detail(executionId, "A#0")).given).toBe("pinned");
  const again = (await retryExecution({ ctx, input: { id: executionId } })).executionId;
  expect((await ended(again)).keys).toEqual(["A#0", "B#0"]);
  expect(await given(again, "B#0")).toEqual({ pinned: true, b: again });
});

test("pinned data stands in for nodes in runs by hand, never in production", async () => {
  const flow = await flowOf(line({ A: { pinned: [{ json: { pinned: true } }] }, C: { disabled: true } }));
  const byHand = (await startExecution({ ctx, input: { flowId: flow.id } })).executionId;
  await ended(byHand);
  expect(await given(byHand, "B#0")).toEqual({ pinned: true, b: byHand });
  const beforePublishing = (await executeFlow({ ctx, input: { flowId: flow.id } })).executionId;
  await ended(beforePublishing);
  expect(await given(beforePublishing, "B#0")).toEqual({ a: beforePublishing, b: beforePublishing });
  await publishFlow({ ctx, input: { id: flow.id } });
  const inProduction = (await executeFlow({ ctx, input: { flowId: flow.id } })).executionId;
  await ended(inProduction);
  expect(await given(inProduction, "B#0")).toEqual({ a: inProduction, b: inProduction });
});

test("is refused for a node that nothing leads to, naming it; for what is broken on the way only", async () => {
  const graph = line();
  graph.nodes = graph.nodes.filter(({ id }) => id !== "Start");
  graph.edges = [...graph.edges.filter(({ source }) => source !== "Start")];
  const loose = await flowOf(graph);
  await expect(testStep({ ctx, input: { flowId: loose.id, nodeId: "B" } })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining('Node "B" is not reached from a trigger'),
  });
  const broken = await flowOf(line({ B: { type: "http-request", parameters: {} } }));
  await expect(testStep({ ctx, input: { flowId: broken.id, nodeId: "B" } })).rejects.toMatchObject({
    code: "invalid",
    message: 'Node "B", field "url": is empty: fill it in',
  });
  await ended((await testStep({ ctx, input: { flowId: broken.id, nodeId: "A" } })).executionId);
});

test("is for editors of the flow's organization", async () => {
  const flow = await flowOf();
  const { context: viewer } = await createMember({ organizationId, role: "viewer" });
  const { context: stranger } = await createMember({ role: "owner" });
  const call = (as: ServiceContext) => testStep({ ctx: as, input: { flowId: flow.id, nodeId: "A" } });
  await expect(call(viewer)).rejects.toMatchObject({ code: "forbidden" });
  await expect(call(stranger)).rejects.toMatchObject({ code: "not_found" });
});
