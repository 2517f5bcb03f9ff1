import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { recordExecution, twoStepGraph } from "@/server/testing/executions";
import { createFlow, createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { publishFlow } from "../flows/publish";
import { cancelExecution } from "./control";
import { getExecution } from "./get";
import { executionGraph } from "./graph";
import { listExecutions } from "./list";
import { resumeExecution } from "./resume";
import { retryExecution } from "./retry";
import { executeFlow, startExecution } from "./start";
import { stepDetail } from "./step-detail";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

let ctx: ServiceContext;
let organizationId: string;
let engine: RecordingEngine;
beforeAll(() => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
beforeEach(async () => {
  const made = await createMember({ role: "editor" });
  ctx = made.context;
  organizationId = made.member.organizationId;
  engine = recordingEngine();
  setEngine(engine);
});

const flowWith = (graph = twoStepGraph()) => createFlow({ organizationId, graph });

describe("starting", () => {
  test("by hand runs the draft as it is now", async () => {
    const flow = await flowWith();
    const { executionId } = await startExecution({ ctx, input: { flowId: flow.id, variables: { a: 1 } } });
    expect(engine.started).toMatchObject([
      {
        id: executionId,
        organizationId,
        flowVersion: null,
        mode: "manual",
        triggerNodeId: "start",
        items: [{ json: { a: 1 } }],
        variables: { a: 1 },
      },
    ]);
  });

  test("by the API runs the published version, and the draft as long as there is none", async () => {
    const flow = await flowWith();
    await executeFlow({ ctx, input: { flowId: flow.id } });
    await publishFlow({ ctx, input: { id: flow.id } });
    await executeFlow({ ctx, input: { flowId: flow.id } });
    expect(engine.started).toMatchObject([
      { flowVersion: null, mode: "api" },
      { flowVersion: 1, mode: "api" },
    ]);
  });

  test("twice with one idempotency key starts once", async () => {
    const flow = await flowWith();
    const call = () => executeFlow({ ctx, input: { flowId: flow.id, idempotencyKey: "k" } });
    const [first, second] = [await call(), await call()];
    expect(second).toEqual({ executionId: first.executionId, duplicate: true });
    expect(engine.started).toHaveLength(1);
  });

  test("is refused where a node on the way is broken, naming it, and not for one elsewhere on the canvas", async () => {
    const graph = twoStepGraph();
    graph.nodes.push({ ...graph.nodes[1]!, id: "lost", name: "Lost", type: "no-such-type" });
    const flow = await flowWith(graph);
    await startExecution({ ctx, input: { flowId: flow.id } });
    graph.edges.push({ id: "e2", source: "fields", sourceHandle: "main", target: "lost", targetHandle: "main" });
    const broken = await flowWith(graph);
    await expect(startExecution({ ctx, input: { flowId: broken.id } })).rejects.toMatchObject({
      code: "invalid",
      details: { issues: [expect.objectContaining({ node: "Lost", field: "type" })] },
    });
    expect(engine.started).toHaveLength(1);
  });

  test("is refused at a node that is no trigger, or not there", async () => {
    const flow = await flowWith();
    for (const triggerNodeId of ["fields", "nowhere"]) {
      await expect(startExecution({ ctx, input: { flowId: flow.id, triggerNodeId } })).rejects.toMatchObject({
        code: "invalid",
        details: { issues: [expect.objectContaining({ field: "triggerNodeId" })] },
      });
    }
  });

  test("does not take a reference into the payload store: it might be another organization's", async () => {
    const flow = await flowWith();
    const items = [{ json: {}, binary: { file: { mimeType: "text/plain", id: "pay_of_someone_else" } } }];
    await expect(startExecution({ ctx, input: { flowId: flow.id, items } })).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("listing", () => {
  test("pages through executions of the same moment once each", async () => {
    const flow = await flowWith();
    for (let index = 0; index < 9; index++)
      await recordExecution({ organizationId, flowId: flow.id, status: index % 3 === 0 ? "failed" : "succeeded" });
    await db()
      .$executeRaw`update execution set created_at = '2026-01-01T00:00:00.000123Z'::timestamptz + (id > '') ::int * interval '1 microsecond' where flow_id = ${flow.id}`;
    for (const status of [undefined, ["failed" as const, "succeeded" as const]]) {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await listExecutions({ ctx, input: { limit: 2, cursor, status } });
        seen.push(...page.executions.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toHaveLength(9);
      expect([...seen]).toEqual([...new Set(seen)].sort().reverse());
    }
  });

  test("filters by flow, status, mode and time, and takes limit and offset", async () => {
    const [one, two] = [await flowWith(), await flowWith()];
    for (const status of ["failed", "failed", "succeeded", "running"] as const)
      await recordExecution({ organizationId, flowId: one.id, status });
    await recordExecution({ organizationId, flowId: two.id, status: "failed" });
    const count = async (input: Parameters<typeof listExecutions>[0]["input"]) => (await listExecutions({ ctx, input })).executions.length;
    expect(await count({})).toBe(5);
    expect(await count({ flowId: one.id })).toBe(4);
    expect(await count({ status: ["failed"] })).toBe(3);
    expect(await count({ flowId: one.id, status: ["failed", "running", "failed"] })).toBe(3);
    expect(await count({ mode: ["webhook"] })).toBe(0);
    expect(await count({ from: new Date(Date.now() + 60_000).toISOString() })).toBe(0);
    expect(await count({ to: new Date(Date.now() + 60_000).toISOString() })).toBe(5);
    expect(await count({ limit: 2, offset: 4 })).toBe(1);
    expect(await count({ status: ["failed"], limit: 2, offset: 1 })).toBe(2);
    await expect(count({ status: ["exploded" as never] })).rejects.toMatchObject({ code: "invalid" });
  });

  test("says the names of flows, also of deleted ones", async () => {
    const flow = await flowWith();
    await recordExecution({ organizationId, flowId: flow.id });
    await db().flow.update({ where: { id: flow.id }, data: { deletedAt: new Date() } });
    expect((await listExecutions({ ctx, input: {} })).executions).toMatchObject([{ flowName: flow.name }]);
  });
});

describe("a step", () => {
  const parameters = {
    mode: "fields",
    include: "none",
    fields: [
      { name: "double", type: "number", value: "={{ $json.n * 2 }}" },
      { name: "first", type: "string", value: "={{ $('Start').first().json.n }}" },
      { name: "zone", type: "string", value: "={{ $vars.missing }}" },
    ],
  };
  const steps = [
    { nodeId: "start", output: { outputs: [[{ json: { n: 21 } }, { json: { n: 4 } }]] } },
    { nodeId: "fields", sources: [{ key: "start#0", output: 0 }], output: { outputs: [[{ json: { double: 42 } }]] } },
  ];

  test("shows what came in and from where, its parameters as resolved, and what came out", async () => {
    const graph = twoStepGraph(parameters);
    const flow = await flowWith(graph);
    const { id } = await recordExecution({ organizationId, flowId: flow.id, graph, steps });
    await db().executionLog.create({ data: { organizationId, executionId: id, stepKey: "fields#0", level: "info", message: "hello" } });
    const detail = await stepDetail({ ctx, input: { id, key: "fields#0" } });
    expect(detail).toMatchObject({
      nodeName: "Fields",
      status: "succeeded",
      inputs: [
        {
          handle: "main",
          total: 2,
          items: [{ json: { n: 21 } }, { json: { n: 4 } }],
          sources: [{ nodeName: "Start", key: "start#0", output: 0 }],
        },
      ],
      outputs: [{ handle: "main", total: 1, items: [{ json: { double: 42 } }] }],
      logs: [{ level: "info", message: "hello" }],
    });
    expect(detail.resolved?.errors).toEqual([]);
    expect(detail.resolved?.values).toMatchObject({
      fields: [{ name: "double", value: 42 }, { name: "first", value: 21 }, { name: "zone" }],
    });
  });

  test("keeps the parameters that resolve beside the ones that do not, which it names", async () => {
    const graph = twoStepGraph({
      mode: "fields",
      fields: [
        { name: "ok", value: "={{ 1 + 1 }}" },
        { name: "bad", value: "={{ $('Nowhere').first() }}" },
      ],
    });
    const flow = await flowWith(graph);
    const failed = [
      steps[0]!,
      { nodeId: "fields", sources: [{ key: "start#0", output: 0 }], status: "failed", error: { name: "ExpressionError", message: "no" } },
    ];
    const { id } = await recordExecution({ organizationId, flowId: flow.id, graph, steps: failed, status: "failed" });
    const detail = await stepDetail({ ctx, input: { id, key: "fields#0" } });
    expect(detail.error).toMatchObject({ name: "ExpressionError" });
    expect(detail.resolved).toMatchObject({
      values: { fields: [{ value: 2 }, { name: "bad" }] },
      errors: [{ field: "fields[1].value", message: expect.stringContaining("Nowhere") }],
    });
  });

  test("pages through its items", async () => {
    const many = Array.from({ length: 250 }, (_, n) => ({ json: { n } }));
    const flow = await flowWith();
    const { id } = await recordExecution({ organizationId, flowId: flow.id, steps: [{ nodeId: "start", output: { outputs: [many] } }] });
    const { outputs } = await stepDetail({ ctx, input: { id, key: "start#0", offset: 200, limit: 100 } });
    expect(outputs).toMatchObject([{ total: 250, offset: 200, items: many.slice(200) }]);
  });

  test("that waited shows what it waited for, and what came", async () => {
    const flow = await flowWith();
    const suspend = { kind: "event", event: "resume", form: "approval" } as const;
    const { id } = await recordExecution({
      organizationId,
      flowId: flow.id,
      steps: [
        steps[0]!,
        {
          nodeId: "fields",
          sources: [{ key: "start#0", output: 0 }],
          status: "waiting",
          output: { outputs: [[{ json: { n: 1 } }]], suspend },
        },
        { nodeId: "fields", sources: [{ key: "start#0", output: 0 }], output: { payload: { approved: true } } },
      ],
    });
    const detail = await stepDetail({ ctx, input: { id, key: "fields#0" } });
    expect(detail).toMatchObject({
      status: "succeeded",
      suspend,
      resumedWith: { approved: true },
      attempts: [{ attempt: 1, status: "succeeded" }],
      outputs: [{ items: [{ json: { n: 1, approval: { approved: true } } }] }],
    });
  });

  test("reads what was too large for its row", async () => {
    const flow = await flowWith();
    const { id } = await recordExecution({ organizationId, flowId: flow.id, steps: [{ nodeId: "start" }] });
    const bytes = Buffer.from(JSON.stringify({ outputs: [[{ json: { big: "ä".repeat(70_000) } }]] }));
    await db().payload.create({
      data: { id: `pay-${id}`, organizationId, executionId: id, contentType: "application/json", size: bytes.length, bytes },
    });
    await db().executionStep.updateMany({ where: { executionId: id }, data: { payloadId: `pay-${id}` } });
    const { outputs } = await stepDetail({ ctx, input: { id, key: "start#0" } });
    expect(String(outputs[0]?.items[0]?.json.big)).toHaveLength(70_000);
  });
});

test("an execution keeps the graph that it started with", async () => {
  const flow = await flowWith();
  const { id } = await recordExecution({ organizationId, flowId: flow.id });
  await db().flow.update({ where: { id: flow.id }, data: { draft: { nodes: [], edges: [] } } });
  expect((await executionGraph({ ctx, input: { id } })).graph.nodes.map(({ name }) => name)).toEqual(["Start", "Fields"]);
});

test("retrying starts the same graph with the same input, and names what it retries", async () => {
  const flow = await flowWith();
  const { id } = await recordExecution({ organizationId, flowId: flow.id, status: "failed" });
  await retryExecution({ ctx, input: { id } });
  expect(engine.started).toMatchObject([
    { mode: "retry", retryOfId: id, triggerNodeId: "start", items: [{ json: { n: 1 } }], flowVersion: null },
  ]);
  const running = await recordExecution({ organizationId, flowId: flow.id, status: "running" });
  await expect(retryExecution({ ctx, input: { id: running.id } })).rejects.toMatchObject({ code: "conflict" });
});

test("what has ended cannot be cancelled", async () => {
  const flow = await flowWith();
  const { id } = await recordExecution({ organizationId, flowId: flow.id });
  await expect(cancelExecution({ ctx, input: { id } })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("succeeded"),
  });
});

test("a decision is taken once, by name, and only where one is waited for", async () => {
  const flow = await flowWith();
  const asks = { outputs: [[]], suspend: { kind: "event", event: "resume", form: "approval" } as const };
  const { id } = await recordExecution({
    organizationId,
    flowId: flow.id,
    status: "waiting",
    steps: [{ nodeId: "fields", status: "waiting", output: asks }],
  });
  const decide = (key: string) => resumeExecution({ ctx, input: { id, key, approved: true, comment: "fine" } });
  await expect(decide("start#0")).rejects.toMatchObject({ code: "conflict" });
  await decide("fields#0");
  expect(engine.signals).toMatchObject([
    { event: "resume", correlation: `${id}:fields#0`, payload: { approved: true, comment: "fine", by: expect.stringMatching(/^User /) } },
  ]);
  await expect(decide("fields#0")).rejects.toMatchObject({ code: "conflict" });
});

test("one execution as a whole has its input and its steps by name", async () => {
  const flow = await flowWith();
  const { id } = await recordExecution({ organizationId, flowId: flow.id, steps: [{ nodeId: "start", output: { outputs: [[]] } }] });
  expect(await getExecution({ ctx, input: { id } })).toMatchObject({
    status: "succeeded",
    flowName: flow.name,
    input: [{ json: { n: 1 } }],
    steps: [{ nodeName: "Start", key: "start#0", status: "succeeded", counts: [0] }],
  });
});
