import type pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { nodeRegistry } from "@/nodes/registry";
import { db } from "@/server/db";
import type { ClaimedExecution } from "@/server/execution/engine";
import { getEngine } from "@/server/execution/get-engine";
import { newExecutionId } from "@/server/execution/ids";
import type { ServiceContext } from "@/server/services/context";
import { cancelExecution } from "@/server/services/executions/control";
import { linkedExecutions } from "@/server/services/executions/links";
import { executionSnapshot } from "@/server/services/executions/snapshot";
import { startExecution } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { endedExecutions, eventually, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createFlowStarter } from "./starter";

withTestDatabase();
const engine = withRunningEngine();

let ctx: ServiceContext;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});

const flow = async (graph: Graph, context = ctx): Promise<string> =>
  (await createFlow({ ctx: context, input: { graph, publish: true } })).id;
const code = (javascript: string) => ({ type: "code", parameters: { language: "javascript", code: javascript } });
const trigger = { type: "flow-trigger" };
const manual = { type: "manual-trigger" };
const call = (flowId: string, parameters: JsonObject = {}) => ({ type: "execute-flow", parameters: { flowId, ...parameters } });
const set = (fields: Record<string, string>) => ({
  type: "set",
  parameters: { fields: Object.entries(fields).map(([name, value]) => ({ name, type: "any", value })) },
});

async function run(graph: Graph, items: JsonObject[] = [{}]) {
  const flowId = await flow(graph);
  const { executionId } = await startExecution({ ctx, input: { flowId, items: items.map((json) => ({ json })) } });
  return { flowId, executionId, outcome: await engine.outcome(executionId) };
}

describe("a flow as a step", () => {
  test("waits for a database that goes away while it starts others, and starts each once", async () => {
    const child = await flow(lineOf({ In: trigger, Done: set({ done: "yes" }) }));
    const parent = { id: newExecutionId(), organizationId: ctx.actor.organizationId } as ClaimedExecution;
    let away = 5;
    const pool = {
      query: async (statement: pg.QueryConfig) => {
        if (away > 0) {
          away--;
          throw new Error("Connection terminated unexpectedly");
        }
        // As when it went after it had written, and before it said so.
        const given = await sql().query(statement);
        if (statement.name === "flow_link" && away-- === 0) throw new Error("Connection terminated unexpectedly");
        return given;
      },
    } as unknown as ReturnType<typeof sql>;
    const starter = createFlowStarter({ pool, registry: nodeRegistry, engine: getEngine }, parent, "Parent");
    const call = { flow: { id: child }, items: [{ json: {} }], index: 0, wait: false };
    const { executionId } = await starter({ key: "Call#0", attempt: 1 }).start(call);
    expect(await endedExecutions(child, 1)).toMatchObject([{ id: executionId, status: "succeeded" }]);
    expect(await db().executionLink.findMany({ where: { parentId: parent.id } })).toMatchObject([{ childId: executionId }]);
  });

  test("gives what its last node gave, and is an execution of its own with its parent noted", async () => {
    const child = await flow(lineOf({ In: trigger, Double: set({ doubled: "={{ $json.n * 2 }}" }) }));
    const { executionId, outcome } = await run(lineOf({ Start: manual, Call: call(child) }), [{ n: 1 }, { n: 2 }]);
    expect(outcome.error).toBeNull();
    expect(outcome.lastItems).toEqual([
      { json: expect.objectContaining({ doubled: 2 }), pairedItem: { item: 0 } },
      { json: expect.objectContaining({ doubled: 4 }), pairedItem: { item: 1 } },
    ]);
    const [own] = await endedExecutions(child, 1);
    expect(own).toMatchObject({ status: "succeeded", mode: "flow" });
    expect(await db().executionLink.findMany({ where: { parentId: executionId } })).toMatchObject([
      { childId: own?.id, stepKey: "Call#0", itemIndex: 0, awaited: true, depth: 1 },
    ]);
  });

  test("runs once for each item, each paired with its own", async () => {
    const child = await flow(
      lineOf({ In: trigger, Twice: code("return [{ json: { n: $input.first().json.n } }, { json: { again: true } }]") }),
    );
    const { outcome } = await run(lineOf({ Start: manual, Call: call(child, { mode: "each", parallel: 2 }) }), [
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ]);
    expect(outcome.lastItems?.map(({ pairedItem }) => pairedItem)).toEqual([0, 0, 1, 1, 2, 2].map((item) => ({ item })));
    expect(await db().execution.count({ where: { flowId: child } })).toBe(3);
  });

  test("does not hold its caller up when nobody waits", async () => {
    const child = await flow(lineOf({ In: trigger, Nap: { type: "wait", parameters: { amount: 1, unit: "hours" } } }));
    const { outcome } = await run(lineOf({ Start: manual, Call: call(child, { waits: false }) }), [{ n: 1 }]);
    expect(outcome).toMatchObject({ status: "succeeded", lastItems: [{ json: { n: 1 } }] });
  });

  test("fails the step with its own error", async () => {
    const child = await flow(lineOf({ In: trigger, Stop: { type: "stop-and-error", parameters: { message: "no such order" } } }));
    const { outcome, executionId } = await run(lineOf({ Start: manual, Call: call(child) }));
    expect(outcome).toMatchObject({ status: "failed", error: { nodeName: "Call", message: "no such order" } });
    const step = await db().executionStep.findFirstOrThrow({ where: { executionId, nodeId: "Call" } });
    expect(step.error).toContain('In the node \\"Stop\\"');
  });

  test("is tried again with another execution when its step is, and goes on after errors", async () => {
    const child = await flow(lineOf({ In: trigger, Stop: { type: "stop-and-error", parameters: { message: "not now" } } }));
    const retried = { ...call(child), settings: { onError: "continue", retry: { maxAttempts: 3, waitMs: 0, backoff: "fixed" } } };
    const { outcome, executionId } = await run(lineOf({ Start: manual, Call: retried }));
    expect(outcome).toMatchObject({ status: "succeeded", lastItems: [{ json: { error: "not now" } }] });
    expect(await db().execution.count({ where: { flowId: child } })).toBe(3);
    expect((await db().executionLink.findMany({ where: { parentId: executionId } })).map(({ attempt }) => attempt).sort()).toEqual([
      1, 2, 3,
    ]);
  });

  test("may be given as JSON", async () => {
    const inline = lineOf({ In: trigger, Set: set({ said: "hello" }) });
    const { outcome } = await run(
      lineOf({ Start: manual, Call: { type: "execute-flow", parameters: { source: "json", flowJson: inline as unknown as JsonObject } } }),
    );
    expect(outcome.lastItems?.[0]?.json).toMatchObject({ said: "hello" });
  });

  test("takes only the fields that it names, with their types", async () => {
    const fields = [
      { name: "n", type: "number" },
      { name: "absent", type: "any" },
    ];
    const child = await flow(lineOf({ In: { type: "flow-trigger", parameters: { accepts: "fields", fields } } }));
    const good = await run(
      lineOf({ Start: manual, Call: call(child, { inputs: "fields", fields: [{ name: "n", value: "={{ $json.a }}" }] }) }),
      [{ a: "7" }],
    );
    expect(good.outcome.lastItems).toEqual([{ json: { n: 7, absent: null }, pairedItem: { item: 0 } }]);
    const bad = await run(lineOf({ Start: manual, Call: call(child) }), [{ n: "many" }]);
    expect(bad.outcome.error?.message).toContain('must be a number; the calling flow gave "many"');
  });
});

describe("a flow that waits for another", () => {
  const waiting = () => lineOf({ In: trigger, Hold: { type: "wait", parameters: { resume: "webhook" } } });

  test("holds nothing meanwhile, survives a restart and starts nothing twice", async () => {
    const child = await flow(waiting());
    const flowId = await flow(lineOf({ Start: manual, Call: call(child) }));
    const { executionId } = await startExecution({ ctx, input: { flowId } });
    const status = (id: string) => async () => (await db().execution.findUniqueOrThrow({ where: { id } })).status;
    await eventually(status(executionId), (value) => value === "waiting");
    await engine.restart();
    const own = await db().execution.findFirstOrThrow({ where: { flowId: child } });
    expect((await executionSnapshot({ ctx, input: { id: executionId } })).atWork).toMatchObject([{ key: "Call#0", attempt: 1 }]);
    const linked = { executionId: own.id, flowId: child, stepKey: "Call#0", itemIndex: 0 };
    expect(await linkedExecutions({ ctx, input: { id: executionId } })).toMatchObject({ parent: null, children: [linked] });
    expect(await linkedExecutions({ ctx, input: { id: own.id } })).toMatchObject({ parent: { executionId }, children: [] });
    await eventually(status(own.id), (value) => value === "waiting");
    const { resumeUrl } = await import("@/server/triggers/resume-links");
    const { handleResume } = await import("@/server/triggers/resume");
    const token = resumeUrl(own.id).split("/").at(-1) ?? "";
    const body = JSON.stringify({ answer: 42 });
    const request = new Request("http://localhost/x", { method: "POST", body, headers: { "content-type": "application/json" } });
    expect((await handleResume(request, { executionId: own.id, token })).status).toBe(200);
    const outcome = await engine.outcome(executionId);
    expect(outcome.lastItems?.[0]?.json).toMatchObject({ body: { answer: 42 } });
    expect(await db().execution.count({ where: { flowId: child } })).toBe(1);
  });

  test("ends it when it is cancelled itself", async () => {
    const child = await flow(waiting());
    const flowId = await flow(lineOf({ Start: manual, Call: call(child) }));
    const { executionId } = await startExecution({ ctx, input: { flowId } });
    await eventually(
      () => db().execution.findFirst({ where: { flowId: child } }),
      (row) => row?.status === "waiting",
    );
    await cancelExecution({ ctx, input: { id: executionId } });
    expect((await endedExecutions(child, 1)).map(({ status }) => status)).toEqual(["cancelled"]);
  });
});

test("a child that was noted but not started, as after a crash in between, is started under its own id", async () => {
  const { organizationId } = ctx.actor;
  const child = await flow(lineOf({ In: trigger }));
  const parent = { id: newExecutionId(), organizationId, flowId: child, mode: "api", flowVersion: 1 } as ClaimedExecution;
  const childId = newExecutionId();
  await db().executionLink.create({
    data: { childId, organizationId, parentId: parent.id, stepKey: "Call#0", attempt: 1, itemIndex: 0, awaited: false, depth: 1 },
  });
  const starts = createFlowStarter(
    { pool: sql(), registry: nodeRegistry, engine: getEngine },
    parent,
    "Parent",
  )({ key: "Call#0", attempt: 1 });
  const call = { flow: { id: child }, items: [{ json: { n: 1 } }], index: 0, wait: false };
  expect(await Promise.all([starts.start(call), starts.start(call)])).toEqual([{ executionId: childId }, { executionId: childId }]);
  expect(await endedExecutions(child, 1)).toMatchObject([{ id: childId, status: "succeeded" }]);
});

describe("what may be run", () => {
  test("another organization's flow answers as one that does not exist", async () => {
    const { context: other } = await createMember({ role: "editor" });
    const foreign = await flow(lineOf({ In: trigger }), other);
    const message = async (id: string) => {
      const { outcome } = await run(lineOf({ Start: manual, Call: call(`={{ "${id}" }}`) }));
      return outcome.error?.message.replace(id, "?");
    };
    expect(await message(foreign)).toBe(await message("nothing"));
    expect(await db().execution.count({ where: { flowId: foreign } })).toBe(0);
  });

  test("a flow says who may run it", async () => {
    const closed = await flow(lineOf({ In: trigger }, { callers: { policy: "list", flowIds: ["another"] } }));
    const { outcome } = await run(lineOf({ Start: manual, Call: call(closed) }));
    expect(outcome.error?.message).toContain("do not let this flow run it");
  });

  test("a flow that runs itself fails, and says so", async () => {
    const own = await flow(lineOf({ In: trigger, Call: call("={{ $workflow.id }}") }));
    const { outcome } = await run(lineOf({ Start: manual, Call: call(own) }));
    expect(outcome.error?.message).toContain("50 levels deep");
  });
});
