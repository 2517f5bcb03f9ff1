import { beforeAll, beforeEach, expect, test } from "vitest";
import type { ExecutionStatus } from "@/flow/execution/status";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { sql } from "@/server/sql";
import { createFlow, createMember } from "@/server/testing/factories";
import { withOutsideServer } from "@/server/testing/outside-server";
import { withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { publishFlow } from "../flows/publish";
import { deleteExecutions } from "../retention/batches";
import { cancelExecution } from "./control";
import { listExecutions } from "./list";
import { resumeFrom } from "./resume-from";
import { resumptionPlan } from "./resumption-plan";
import { resumeSameError, sameError } from "./same-error";
import { executionSnapshot } from "./snapshot";
import { executeFlow } from "./start";
import { stepDetail } from "./step-detail";

withTestDatabase();

/** The outside takes what it is sent, and does not answer. */
let isSilent = false;
/** What was sent to the outside, in order. */
const sent: { n: unknown; key: string | undefined }[] = [];
const outside = withOutsideServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { n: unknown };
  sent.push({ n: body.n, key: request.headers["idempotency-key"] as string | undefined });
  // Heard, and left without an answer: the caller hangs up.
  if (isSilent) return;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ n: body.n }));
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
  sent.length = 0;
});

const node = (id: string, type: string, parameters: object = {}) => ({ id, name: id, type, position: { x: 0, y: 0 }, parameters });
const check = (value: string) => ({ include: "all", fields: [{ name: "checked", type: "string", value }] });
const BROKEN = "={{ $json.n === 3 ? $('Never').first().json.n : 'fine' }}";

//  Start ─> Each ─(loop)─> Send ─> Check ─┐      Check breaks at the third item
//            ^ └─(done)─> End             │
//            └────────────────────────────┘
const rounds = (checked: string): Graph =>
  graphSchema.parse({
    nodes: [
      node("Start", "manual-trigger"),
      node("Each", "loop-over-items", { batchSize: 1 }),
      node("Send", "http-request", {
        method: "POST",
        url: outside.url,
        body: "json",
        bodyFormat: "json",
        bodyJson: "={{ JSON.stringify({ n: $json.n }) }}",
      }),
      node("Check", "set", check(checked)),
      node("Never", "set"),
      node("End", "set", check("={{ $('Each').context.noItemsLeft }}")),
    ],
    edges: [
      { id: "1", source: "Start", target: "Each" },
      { id: "2", source: "Each", sourceHandle: "loop", target: "Send" },
      { id: "3", source: "Send", target: "Check" },
      { id: "4", source: "Check", target: "Each" },
      { id: "5", source: "Each", sourceHandle: "done", target: "End" },
    ],
  });

const items = [1, 2, 3, 4, 5].map((n) => ({ json: { n } }));

async function ended(executionId: string) {
  await engine.outcome(executionId);
  const { execution, steps } = await executionSnapshot({ ctx, input: { id: executionId } });
  return { ...execution, keys: steps.map(({ key }) => key) };
}

async function failed(graph = rounds(BROKEN)) {
  const flow = await createFlow({ organizationId, graph });
  await publishFlow({ ctx, input: { id: flow.id } });
  const { executionId } = await executeFlow({ ctx, input: { flowId: flow.id, items } });
  expect(await ended(executionId)).toMatchObject({ status: "failed", error: { nodeName: "Check" } });
  return { flow, executionId };
}

const mend = (flowId: string, graph = rounds("fine")) =>
  db().flow.update({ where: { id: flowId }, data: { draft: graph, revision: { increment: 1 } } });

test("goes on with the mended draft where the loop broke; what was sent is not sent again, as the plan said", async () => {
  const { flow, executionId } = await failed();
  expect(sent.map(({ n }) => n)).toEqual([1, 2, 3]);
  await mend(flow.id);
  const plan = await resumptionPlan({ ctx, input: { id: executionId } });
  expect(plan.nodes.find(({ nodeName }) => nodeName === "Send")).toMatchObject({ reuse: 1, keep: 2, run: 0, repeatedWrites: 0 });
  expect(plan.nodes.find(({ nodeName }) => nodeName === "Check")).toMatchObject({
    run: 3,
    reasons: ["Changed: its parameters", "It failed"],
  });

  const { executionId: resumed } = await resumeFrom({ ctx, input: { id: executionId, revision: plan.revision } });
  expect(await ended(resumed)).toMatchObject({ status: "succeeded", mode: "retry", flowVersion: null });
  expect(sent.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
  const detail = (key: string) => stepDetail({ ctx, input: { id: resumed, key } });
  expect((await detail("Send#2")).given).toBe("earlier");
  expect((await detail("Check#2")).given).toBeNull();
  expect((await detail("End#0")).outputs[0]?.items.map(({ json }) => json.n)).toEqual([1, 2, 3, 4, 5]);

  // A resumption can be resumed in turn: nothing is left to do.
  const again = await resumeFrom({ ctx, input: { id: resumed } });
  await ended(again.executionId);
  expect(sent).toHaveLength(5);
});

test("goes on with a published version, and with what it was when the trouble was elsewhere", async () => {
  const { flow, executionId } = await failed();
  await mend(flow.id);
  await publishFlow({ ctx, input: { id: flow.id } });
  const onVersion = await resumeFrom({ ctx, input: { id: executionId, target: 2 } });
  expect(await ended(onVersion.executionId)).toMatchObject({ status: "succeeded", flowVersion: 2 });
  const asItWas = await resumeFrom({ ctx, input: { id: executionId, target: "same" } });
  expect(await ended(asItWas.executionId)).toMatchObject({ status: "failed", flowVersion: 1, error: { nodeName: "Check" } });
  expect(sent.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
});

test("says which completed writes would be done again, and does them again only when told to", async () => {
  const { flow, executionId } = await failed();
  const graph = rounds("fine");
  graph.nodes = graph.nodes.map((each) => (each.id === "Send" ? { ...each, parameters: { ...each.parameters, method: "PUT" } } : each));
  await mend(flow.id, graph);
  expect(await resumptionPlan({ ctx, input: { id: executionId } })).toMatchObject({ keep: 3, repeatedWrites: 0 });
  expect(await resumptionPlan({ ctx, input: { id: executionId, keepWrites: false } })).toMatchObject({ keep: 0, repeatedWrites: 3 });
  await ended((await resumeFrom({ ctx, input: { id: executionId, keepWrites: false } })).executionId);
  expect(sent.map(({ n }) => n)).toEqual([1, 2, 3, 1, 2, 3, 4, 5]);
});

test("resumes every execution that failed with the same error, in batches and each once", async () => {
  const { flow, executionId } = await failed();
  for (const n of [13, 23]) {
    const one = rounds(BROKEN.replace("=== 3", `=== ${n}`));
    await db().flow.update({ where: { id: flow.id }, data: { draft: one, publishedVersion: null } });
    await ended((await executeFlow({ ctx, input: { flowId: flow.id, items: [{ json: { n } }] } })).executionId);
  }
  const other = { ...rounds("={{ $('Start').item.json.a.b }}{{ $('Start').all(0, 7) }}") };
  await db().flow.update({ where: { id: flow.id }, data: { draft: other } });
  await ended((await executeFlow({ ctx, input: { flowId: flow.id, items } })).executionId);
  await mend(flow.id);

  const listed = await listExecutions({ ctx, input: { errorLike: executionId } });
  expect(listed.executions).toHaveLength(3);
  expect(await sameError({ ctx, input: { id: executionId } })).toMatchObject({
    count: 3,
    planned: 3,
    problems: [],
    steps: { repeatedWrites: 0 },
  });
  const before = sent.length;
  const first = await resumeSameError({ ctx, input: { id: executionId, limit: 2 } });
  expect(first).toMatchObject({ resumed: [{ id: executionId }, {}], refused: [], next: expect.any(String) });
  const second = await resumeSameError({ ctx, input: { id: executionId, limit: 2, after: first.next ?? undefined } });
  expect(second).toMatchObject({ resumed: [{}], refused: [], next: null });
  for (const { executionId: each } of [...first.resumed, ...second.resumed])
    expect(await ended(each)).toMatchObject({ status: "succeeded" });
  // Items 4 and 5 of the first; the others had sent all they had.
  expect(sent.length - before).toBe(2);
  expect(await resumeSameError({ ctx, input: { id: executionId } })).toMatchObject({ resumed: [], next: null });
});

test("says of a write that a cancel cut off that it may have taken effect", async () => {
  const flow = await createFlow({ organizationId, graph: rounds("fine") });
  await publishFlow({ ctx, input: { id: flow.id } });
  isSilent = true;
  const { executionId } = await executeFlow({ ctx, input: { flowId: flow.id, items } });
  await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(1);
  await cancelExecution({ ctx, input: { id: executionId } });
  expect(await ended(executionId)).toMatchObject({ status: "cancelled" });
  isSilent = false;

  const plan = await resumptionPlan({ ctx, input: { id: executionId } });
  expect(plan).toMatchObject({ unclearWrites: 1, repeatedWrites: 0 });
  expect(plan.nodes.find(({ nodeName }) => nodeName === "Send")).toMatchObject({
    run: 1,
    unclearWrites: 1,
    reasons: ["It was cut off: it may have taken effect"],
  });
  const resumed = await resumeFrom({ ctx, input: { id: executionId, revision: plan.revision } });
  expect(await ended(resumed.executionId)).toMatchObject({ status: "succeeded" });
  // The same question: with the same key, so that a service that minds it does it once.
  expect(sent.map(({ n }) => n)).toEqual([1, 1, 2, 3, 4, 5]);
  expect(sent[1]!.key).toBe(sent[0]!.key);
});

test("says so as well of a write whose process died while its execution was cancelled, though the journal has nothing of it", async () => {
  const flow = await createFlow({ organizationId, graph: rounds("fine") });
  await publishFlow({ ctx, input: { id: flow.id } });
  isSilent = true;
  const { executionId } = await executeFlow({ ctx, input: { flowId: flow.id, items } });
  await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(1);
  await sql().query("update execution set cancel_requested = true where id = $1", [executionId]);
  // As it looks to a process that is taken for dead: nothing that it writes counts.
  await sql().query("select engine_retire(id) from worker where not fenced");
  const { status, keys } = await ended(executionId);
  expect(status).toBe("cancelled");
  expect(keys).not.toContain("Send#0");
  isSilent = false;
  const { unclearWrites, nodes } = await resumptionPlan({ ctx, input: { id: executionId } });
  expect(unclearWrites).toBe(1);
  expect(nodes.find(({ nodeName }) => nodeName === "Send")?.reasons).toEqual(["It was cut off: it may have taken effect"]);
  const resumed = await resumeFrom({ ctx, input: { id: executionId } });
  expect(await ended(resumed.executionId)).toMatchObject({ status: "succeeded" });
});

test("an execution is kept as long as one that took something over from it", async () => {
  const { flow, executionId } = await failed();
  await mend(flow.id);
  await ended((await resumeFrom({ ctx, input: { id: executionId } })).executionId);
  const client = await sql().connect();
  const prune = (status: ExecutionStatus) =>
    deleteExecutions(client, { organizationId, flowId: flow.id, status: [status], endedBefore: new Date(Date.now() + 60_000) });
  try {
    expect(await prune("failed")).toBe(0);
    expect(await prune("succeeded")).toBe(1);
    expect(await db().executionResumption.count({ where: { fromId: executionId } })).toBe(0);
    expect(await prune("failed")).toBe(1);
  } finally {
    client.release();
  }
});

test("is refused for what is under way, a draft that changed since the plan, a flow that lost its trigger, viewers and strangers", async () => {
  const { flow, executionId } = await failed();
  const { revision } = await resumptionPlan({ ctx, input: { id: executionId } });
  await mend(flow.id);
  await expect(resumeFrom({ ctx, input: { id: executionId, revision } })).rejects.toMatchObject({ code: "conflict" });
  const lost = rounds("fine");
  await mend(flow.id, { ...lost, nodes: lost.nodes.map((each) => (each.id === "Start" ? { ...each, id: "Other" } : each)), edges: [] });
  await expect(resumeFrom({ ctx, input: { id: executionId } })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining('"Start"'),
  });
  const { context: viewer } = await createMember({ organizationId, role: "viewer" });
  const { context: stranger } = await createMember({ role: "owner" });
  for (const act of [resumeFrom, resumeSameError]) {
    await expect(act({ ctx: viewer, input: { id: executionId } })).rejects.toMatchObject({ code: "forbidden" });
    await expect(act({ ctx: stranger, input: { id: executionId } })).rejects.toMatchObject({ code: "not_found" });
  }
  await expect(resumptionPlan({ ctx: stranger, input: { id: executionId } })).rejects.toMatchObject({ code: "not_found" });
  expect(await db().executionResumption.count({ where: { fromId: executionId } })).toBe(0);
});
