import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { publishEvent } from "@/server/services/events/publish";
import { startExecution } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { setFlowActive } from "@/server/services/flows/set-active";
import { createMember } from "@/server/testing/factories";
import { endedExecutions, eventually, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { startEvents } from "./events";

withTestDatabase();
const engine = withRunningEngine();

let ctx: ServiceContext;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
  stop = startEvents();
});
afterAll(() => stop());

const publish = (name: string, data: JsonObject = {}, id?: string, context = ctx) =>
  publishEvent({ ctx: context, input: { name, data, ...(id !== undefined && { id }) } });

async function listener(parameters: JsonObject, active = true): Promise<string> {
  const { id } = await createFlow({ ctx, input: { graph: lineOf({ On: { type: "event-trigger", parameters } }), publish: true } });
  await setFlowActive({ ctx, input: { id, active } });
  return id;
}

const inputs = async (flowId: string, count: number): Promise<JsonObject[]> =>
  (await endedExecutions(flowId, count)).map(({ input }) => JSON.parse(input ?? "[]")[0].json);

const allSeen = () =>
  eventually(
    () => db().namedEvent.count({ where: { dispatchedAt: null } }),
    (count) => count === 0,
  );

test("starts the flows that listen to its name, and only those whose filter it passes", async () => {
  const all = await listener({ name: "order.*" });
  const large = await listener({ name: "order.created", filter: "{{ $json.data.total > 100 }}" });
  const others = await listener({ name: "customer.*" });
  await publish("order.created", { total: 50 });
  await publish("order.created", { total: 500 });
  await allSeen();
  expect((await inputs(all, 2)).map(({ name, data }) => [name, data])).toEqual([
    ["order.created", { total: 50 }],
    ["order.created", { total: 500 }],
  ]);
  expect((await inputs(large, 1)).map(({ data }) => data)).toEqual([{ total: 500 }]);
  expect(await db().execution.count({ where: { flowId: others } })).toBe(0);
});

test("the same event again starts nothing", async () => {
  const flowId = await listener({ name: "paid" });
  const first = await publish("paid", {}, "delivery-1");
  expect(await publish("paid", {}, "delivery-1")).toEqual({ id: first.id, duplicate: true });
  await allSeen();
  expect(await inputs(flowId, 1)).toHaveLength(1);
});

test("another organization hears nothing, and a viewer may announce nothing", async () => {
  const flowId = await listener({ name: "secret" });
  const { context: other } = await createMember({ role: "editor" });
  await publish("secret", {}, undefined, other);
  await allSeen();
  expect(await db().execution.count({ where: { flowId } })).toBe(0);
  const { context: viewer } = await createMember({ role: "viewer" });
  await expect(publish("secret", {}, undefined, viewer)).rejects.toMatchObject({ code: "forbidden" });
  await expect(publish("tolstoy/flow.failed")).rejects.toMatchObject({ code: "invalid" });
});

test("names may begin with the product's own, all but those that tell of flows", async () => {
  const flowId = await listener({ name: "tolstoy/*" });
  await publish("tolstoy/order.created", { n: 1 });
  for (const name of ["tolstoy/flow.succeeded", "tolstoy/flow.anything"]) {
    await expect(publish(name)).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("tolstoy/flow.") });
  }
  expect((await inputs(flowId, 1)).map(({ name }) => name)).toEqual(["tolstoy/order.created"]);
});

test("a flow that is off keeps it", async () => {
  const flowId = await listener({ name: "kept" }, false);
  await publish("kept", { n: 1 });
  await allSeen();
  expect(await db().triggerEvent.findMany({ where: { flowId } })).toMatchObject([
    { type: "event", heldFor: "inactive", executionId: null },
  ]);
});

test("the end of another flow starts a flow, whose own end starts none", async () => {
  const flowId = await listener({ source: "flows", ends: ["succeeded", "failed"] });
  const { id: other } = await createFlow({
    ctx,
    input: { name: "Other", graph: lineOf({ Start: { type: "manual-trigger" } }), publish: true },
  });
  const { executionId } = await startExecution({ ctx, input: { flowId: other } });
  const [first] = await inputs(flowId, 1);
  expect(first).toMatchObject({ name: "tolstoy/flow.succeeded", data: { executionId, flowId: other, flowName: "Other", error: null } });
  await eventually(
    () => db().executionEnd.count(),
    (count) => count === 0,
  );
  expect(await db().execution.count({ where: { flowId } })).toBe(1);
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
});

const waits = (parameters: JsonObject = {}) =>
  lineOf({
    Start: { type: "manual-trigger" },
    Nap: { type: "wait", parameters: { amount: 0.3 } },
    Hold: {
      type: "wait",
      parameters: { resume: "event", eventName: "approved", eventPath: "order.id", eventValue: "={{ $json.id }}", ...parameters },
    },
  });

test("ends the waits for it, also those that were not registered yet, each once and only the right ones", async () => {
  const { id: flowId } = await createFlow({ ctx, input: { graph: waits(), publish: true } });
  const start = async (id: number) => (await startExecution({ ctx, input: { flowId, items: [{ json: { id } }] } })).executionId;
  const early = await start(17);
  await publish("approved", { order: { id: 17 }, by: "Ada" });
  expect((await engine.outcome(early)).lastItems?.[0]?.json).toMatchObject({ name: "approved", data: { by: "Ada" } });
  // An event from before the execution is not meant.
  const late = await start(17);
  await eventually(
    () => db().execution.findUniqueOrThrow({ where: { id: late } }),
    ({ status }) => status === "waiting",
  );
  await publish("approved", { order: { id: 18 } });
  await publish("approved", { order: { id: 17 }, by: "Bob" });
  expect((await engine.outcome(late)).lastItems?.[0]?.json).toMatchObject({ data: { by: "Bob" } });
});

test("a wait that runs out goes on with its items", async () => {
  const graph = waits({ limitWait: true, limitAmount: 0.2, limitUnit: "seconds" });
  const { id: flowId } = await createFlow({ ctx, input: { graph, publish: true } });
  const { executionId } = await startExecution({ ctx, input: { flowId, items: [{ json: { id: 99 } }] } });
  expect((await engine.outcome(executionId)).lastItems).toMatchObject([{ json: { id: 99 } }]);
});
