import { beforeAll, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import { scheduleTrigger } from "@/nodes/schedule-trigger/definition";
import { webhookTrigger } from "@/nodes/webhook-trigger/definition";
import { db } from "@/server/db";
import { twoStepGraph } from "@/server/testing/executions";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { createFlow } from "./create";
import { deleteFlow, restoreFlow } from "./delete";
import { duplicateFlow } from "./duplicate";
import { getFlow } from "./get";
import { listFlows } from "./list";
import { publishFlow } from "./publish";
import { replaceFlow } from "./replace";
import { saveDraft } from "./save-draft";
import { setFlowActive } from "./set-active";
import { getFlowVersion, listFlowVersions } from "./versions";

withTestDatabase();

let ctx: ServiceContext;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});

const node = (id: string, type: string, parameters: Graph["variables"] = {}) => ({
  id,
  name: id,
  type,
  version: 1,
  position: { x: 0, y: 0 },
  parameters,
});
const graphOf = (...nodes: Graph["nodes"]): Graph => ({ nodes, edges: [], settings: {}, variables: {} });
const webhookGraph = () => graphOf(node("hook", webhookTrigger.type));
const scheduleGraph = (rules: Graph["variables"][]) => graphOf(node("clock", scheduleTrigger.type, { rules }));

test("a draft is saved only by whoever saw its latest revision", async () => {
  const { id } = await createFlow({ ctx, input: { name: "Draft", graph: twoStepGraph() } });
  const saved = await saveDraft({ ctx, input: { id, revision: 1, graph: webhookGraph() } });
  expect(saved.revision).toBe(2);
  await expect(saveDraft({ ctx, input: { id, revision: 1, graph: twoStepGraph() } })).rejects.toMatchObject({ code: "conflict" });
  const flow = await getFlow({ ctx, input: { id } });
  expect(flow.graph.nodes.map(({ id }) => id)).toEqual(["hook"]);
});

test("of two saves at once one wins and the other hears of it", async () => {
  const { id } = await createFlow({ ctx, input: { graph: twoStepGraph() } });
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => saveDraft({ ctx, input: { id, revision: 1, graph: twoStepGraph() } })),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a draft with mistakes is saved and they are told; publishing refuses it naming node, field and reason", async () => {
  const graph = graphOf(node("Start", "manual-trigger"), node("Mystery", "no-such-type"), node("Set", "set", { mode: "sideways" }));
  const { id } = await createFlow({ ctx, input: { graph: twoStepGraph() } });
  const { issues } = await saveDraft({ ctx, input: { id, revision: 1, graph } });
  expect(issues).toContainEqual(expect.objectContaining({ nodeName: "Mystery", field: "type" }));
  await expect(publishFlow({ ctx, input: { id } })).rejects.toMatchObject({
    code: "invalid",
    details: {
      issues: expect.arrayContaining([
        expect.objectContaining({ node: "Mystery", field: "type" }),
        expect.objectContaining({ node: "Set", field: "mode" }),
      ]),
    },
  });
  expect(await db().flowVersion.count({ where: { flowId: id } })).toBe(0);
});

test("what jsonb cannot hold is refused with its place", async () => {
  const input = { name: "Bad", graph: twoStepGraph({ fields: [{ name: "a\u0000b" }] }) };
  await expect(createFlow({ ctx, input })).rejects.toMatchObject({
    code: "invalid",
    details: { issues: [expect.objectContaining({ field: "graph.nodes[1].parameters.fields[0].name" })] },
  });
});

test("input nested beyond reason is refused, not a stack overflow", async () => {
  let deep: Graph["variables"] = {};
  for (let depth = 0; depth < 50_000; depth++) deep = { deep };
  await expect(createFlow({ ctx, input: { graph: graphOf(node("a", "set", deep)) } })).rejects.toMatchObject({ code: "invalid" });
});

test("publishing numbers versions, activates once and keeps a webhook's URL", async () => {
  const { id, triggers } = await createFlow({ ctx, input: { graph: webhookGraph() } });
  expect(triggers).toMatchObject([
    { nodeId: "hook", type: "webhook", active: false, url: expect.stringMatching(/\/api\/hooks\/[0-9a-f]{32}$/) },
  ]);
  const first = await publishFlow({ ctx, input: { id } });
  expect(first).toMatchObject({ version: 1, active: true, triggers: [{ url: triggers[0]?.url, active: true }] });
  expect(await publishFlow({ ctx, input: { id } })).toMatchObject({ version: 1 });

  await setFlowActive({ ctx, input: { id, active: false } });
  await saveDraft({ ctx, input: { id, revision: 1, graph: graphOf(node("hook", webhookTrigger.type, { methods: ["GET"] })) } });
  expect(await getFlow({ ctx, input: { id } })).toMatchObject({ hasUnpublishedChanges: true, publishedVersion: 1 });
  const second = await publishFlow({ ctx, input: { id } });
  expect(second).toMatchObject({ version: 2, active: false, triggers: [{ url: triggers[0]?.url, active: false }] });
  expect(await getFlow({ ctx, input: { id } })).toMatchObject({ hasUnpublishedChanges: false });

  const { versions } = await listFlowVersions({ ctx, input: { id } });
  expect(versions).toMatchObject([
    { version: 2, published: true },
    { version: 1, published: false },
  ]);
  expect((await getFlowVersion({ ctx, input: { flowId: id, version: 1 } })).graph.nodes[0]?.parameters).toEqual({});
});

test("a trigger that a version no longer has is switched off, and on again under the same URL when it returns", async () => {
  const { id, triggers } = await createFlow({ ctx, input: { graph: webhookGraph(), publish: true } });
  await replaceFlow({ ctx, input: { id, graph: twoStepGraph(), publish: true } });
  expect(await db().trigger.findUnique({ where: { id: triggers[0]?.id ?? "" } })).toMatchObject({ active: false });
  const { triggers: again } = await replaceFlow({ ctx, input: { id, graph: webhookGraph(), publish: true } });
  expect(again).toMatchObject([{ id: triggers[0]?.id, active: true }]);
});

test("a schedule gets its next slot in the flow's zone, and none while it is off", async () => {
  const graph = { ...scheduleGraph([{ every: "days", interval: 1, hour: 9, minute: 0 }]), settings: { timezone: "Asia/Tokyo" } };
  const { id, triggers } = await createFlow({ ctx, input: { graph, publish: true } });
  expect(new Date(triggers[0]?.nextAt ?? "").getUTCHours()).toBe(0);
  await db().trigger.updateMany({ where: { flowId: id }, data: { nextAt: new Date("2020-01-01T00:00:00Z") } });
  await setFlowActive({ ctx, input: { id, active: false } });
  await setFlowActive({ ctx, input: { id, active: true } });
  const { triggers: later } = await getFlow({ ctx, input: { id } });
  expect(new Date(later[0]?.nextAt ?? 0).getTime()).toBeGreaterThan(Date.now());
});

test.each([
  [[{ every: "cron", cron: "nonsense" }], "rules[0].cron", /is not a cron expression/],
  [[{ every: "cron", cron: "0 0 31 2 *" }], "rules", /never comes due/],
  [[], "rules", /never comes due/],
])("a schedule of %j cannot be published", async (rules, field, reason) => {
  const { id } = await createFlow({ ctx, input: { graph: scheduleGraph(rules) } });
  await expect(publishFlow({ ctx, input: { id } })).rejects.toMatchObject({
    code: "invalid",
    details: { issues: [expect.objectContaining({ node: "clock", field, message: expect.stringMatching(reason) })] },
  });
});

test("creating with publish does all or nothing", async () => {
  const before = await db().flow.count();
  const input = { name: "Broken", graph: graphOf(node("x", "no-such-type")), publish: true };
  await expect(createFlow({ ctx, input })).rejects.toMatchObject({ code: "invalid" });
  expect(await db().flow.count()).toBe(before);
});

test("a deleted flow is gone until it is restored as it was", async () => {
  const { id } = await createFlow({ ctx, input: { graph: webhookGraph(), publish: true } });
  await deleteFlow({ ctx, input: { id } });
  await expect(getFlow({ ctx, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  await expect(publishFlow({ ctx, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  expect((await listFlows({ ctx, input: {} })).flows.map((flow) => flow.id)).not.toContain(id);
  await restoreFlow({ ctx, input: { id } });
  expect(await getFlow({ ctx, input: { id } })).toMatchObject({ active: true, publishedVersion: 1 });
});

test("a copy has a URL of its own and is not published", async () => {
  const { id, triggers } = await createFlow({ ctx, input: { name: "Original", graph: webhookGraph(), publish: true } });
  const copy = await duplicateFlow({ ctx, input: { id } });
  const flow = await getFlow({ ctx, input: { id: copy.id } });
  expect(flow).toMatchObject({ name: "Original (copy)", active: false, publishedVersion: null });
  expect(flow.triggers[0]?.url).not.toBe(triggers[0]?.url);
});

test("lists page through everything once, and find by part of a name", async () => {
  const { context } = await createMember({ role: "editor" });
  for (let index = 0; index < 7; index++) await createFlow({ ctx: context, input: { name: `Order ${index}%`, graph: twoStepGraph() } });
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listFlows({ ctx: context, input: { limit: 3, cursor } });
    seen.push(...page.flows.map((flow) => flow.name));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toHaveLength(7);
  expect(new Set(seen).size).toBe(7);
  expect((await listFlows({ ctx: context, input: { search: "oRDER 3%" } })).flows).toHaveLength(1);
  await expect(listFlows({ ctx: context, input: { cursor: "made up" } })).rejects.toMatchObject({ code: "invalid" });
});

test("every write leaves a line in the audit log", async () => {
  const { context, member } = await createMember({ role: "editor" });
  const { id } = await createFlow({ ctx: context, input: { graph: webhookGraph(), publish: true } });
  await setFlowActive({ ctx: context, input: { id, active: false } });
  const lines = await db().auditLog.findMany({ where: { organizationId: member.organizationId }, orderBy: { id: "asc" } });
  expect(lines.map(({ action, actor, target }) => [action, actor, target])).toEqual(
    ["flow.create", "flow.publish", "flow.deactivate"].map((action) => [action, `user:${member.userId}`, `flow:${id}`]),
  );
});

test("ids, owners and roles in an input are not taken", async () => {
  const { member } = await createMember();
  const input = { name: "Mine", graph: twoStepGraph(), id: "chosen", organizationId: member.organizationId, createdById: member.userId };
  const { id } = await createFlow({ ctx, input });
  expect(id).not.toBe("chosen");
  expect(await db().flow.findUniqueOrThrow({ where: { id } })).not.toMatchObject({ organizationId: member.organizationId });
});

test("the list says which polling trigger keeps failing, and why, while its flow is on", async () => {
  const graph = graphOf(
    node("watch", "poll-http", { url: "https://example.test/orders", listPath: "items" }),
    node("hook", webhookTrigger.type),
  );
  const { id, triggers } = await createFlow({ ctx, input: { name: "Watches", graph, publish: true } });
  const healthy = await createFlow({ ctx, input: { name: "Healthy", graph, publish: true } });
  const triggerId = triggers.find(({ nodeId }) => nodeId === "watch")?.id ?? "";
  const failureOf = async (flowId: string) =>
    (await listFlows({ ctx, input: {} })).flows.find((flow) => flow.id === flowId)?.triggerFailure;
  const note = (failures: number, error: string | null, pauseMs = 30_000) =>
    db().pollState.update({
      where: { triggerId },
      data: { failures, error, failedAt: new Date(), nextAt: new Date(Date.now() + pauseMs) },
    });

  await note(1, "The service answered 503");
  expect(await failureOf(id), "one failure may be over with the next poll").toBeNull();
  await note(1, "The address is wrong", 3_600_000);
  expect(await failureOf(id), "it is not tried again soon: somebody has to see to it").toEqual({
    nodeId: "watch",
    error: "The address is wrong",
    failingSince: null,
  });
  await note(2, `The service answered 503 ${"x".repeat(1_000)}`);
  expect(await failureOf(id)).toMatchObject({ nodeId: "watch", error: expect.stringMatching(/^The service answered 503 x{275}$/) });
  expect(await failureOf(healthy.id)).toBeNull();
  await setFlowActive({ ctx, input: { id, active: false } });
  expect(await failureOf(id)).toBeNull();
  await setFlowActive({ ctx, input: { id, active: true } });
  expect(await failureOf(id), "it begins anew").toBeNull();
  await note(3, "The service answered 503");
  expect(await failureOf(id)).toMatchObject({ error: "The service answered 503" });
  await note(0, null);
  expect(await failureOf(id)).toBeNull();
});
