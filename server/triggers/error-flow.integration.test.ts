import { beforeAll, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { startExecution } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { createMember } from "@/server/testing/factories";
import { endedExecutions, eventually, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";

withTestDatabase();
const engine = withRunningEngine();

let ctx: ServiceContext;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});

const flow = async (name: string, graph: Graph, context = ctx): Promise<string> =>
  (await createFlow({ ctx: context, input: { name, graph, publish: true } })).id;
const fails = (message: string) => ({ type: "stop-and-error", parameters: { message } });
const listens = { type: "error-trigger" };
const nothingLeftToFollow = () =>
  eventually(
    () => db().executionEnd.count(),
    (count) => count === 0,
  );

test("a failure starts the error flow once, with what failed in n8n's form", async () => {
  const handler = await flow("Handler", lineOf({ Failed: listens }));
  const failing = await flow("Orders", lineOf({ Start: { type: "manual-trigger" }, Stop: fails("no stock") }, { errorFlow: handler }));
  const { executionId } = await startExecution({ ctx, input: { flowId: failing } });
  const [handled] = await endedExecutions(handler, 1);
  expect(handled).toMatchObject({ mode: "error", status: "succeeded" });
  expect(JSON.parse(handled?.input ?? "[]")[0].json).toEqual({
    execution: {
      id: executionId,
      url: expect.stringMatching(new RegExp(`/executions/${executionId}$`)),
      error: {
        message: "no stock",
        stack: expect.stringContaining("no stock"),
        node: expect.objectContaining({ name: "Stop", type: "stop-and-error" }),
      },
      lastNodeExecuted: "Stop",
      mode: "manual",
    },
    workflow: { id: failing, name: "Orders" },
  });
  expect(await db().triggerEvent.findFirst({ where: { executionId: handled?.id ?? "" } })).toMatchObject({
    type: "error",
    dedupeKey: `error:${executionId}`,
  });
  // What was done already is found again when a process died before it could note that.
  await db().executionEnd.create({ data: { executionId } });
  await nothingLeftToFollow();
  expect(await db().execution.count({ where: { flowId: handler } })).toBe(1);
});

test("a failing error flow starts nothing, and a flow may handle its own failures", async () => {
  const own = await flow("Own", lineOf({ Failed: listens, Stop: fails("again") }));
  const { executionId } = await startExecution({ ctx, input: { flowId: own } });
  await engine.outcome(executionId);
  const rows = await endedExecutions(own, 2);
  await nothingLeftToFollow();
  expect(rows.map(({ mode, status }) => [mode, status])).toEqual([
    ["manual", "failed"],
    ["error", "failed"],
  ]);
  expect(await db().execution.count({ where: { flowId: own } })).toBe(2);
});

test("another organization's flow is no error flow", async () => {
  const { context: other } = await createMember({ role: "editor" });
  const foreign = await flow("Foreign", lineOf({ Failed: listens }), other);
  const failing = await flow("Failing", lineOf({ Start: { type: "manual-trigger" }, Stop: fails("x") }, { errorFlow: foreign }));
  const { executionId } = await startExecution({ ctx, input: { flowId: failing } });
  await engine.outcome(executionId);
  await nothingLeftToFollow();
  expect(await db().execution.count({ where: { flowId: foreign } })).toBe(0);
});
