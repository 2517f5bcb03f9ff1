import { beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { importFlow } from "@/server/services/flows/import";
import { createMember } from "@/server/testing/factories";
import { recordingEngine } from "@/server/testing/recording-engine";
import { createTenant, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleRest } from "./handler";

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

let tenant: Tenant;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  setEngine(recordingEngine());
  tenant = await createTenant();
});

const node = (name: string, type: string, parameters: object = {}) => ({
  id: name,
  name,
  type: `n8n-nodes-base.${type}`,
  typeVersion: 1,
  position: [0, 0],
  parameters,
});
const workflow = (...extra: object[]) => ({
  name: "From n8n",
  nodes: [node("Hook", "webhook", { path: "orders" }), node("Pass", "noOp"), ...extra],
  connections: { Hook: { main: [[{ node: "Pass", type: "main", index: 0 }]] } },
  settings: { executionOrder: "v1" },
});

async function call(method: string, path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await handleRest(
    new Request(`http://localhost:3000/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${tenant.members.editor.apiKey}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, body: await response.json() };
}

test("a workflow of n8n becomes a flow, published where that is asked for, with a report", async () => {
  const { status, body } = await call("POST", "/flows?publish=true", workflow(node("Tell", "mattermost")));
  expect(status).toBe(201);
  expect(body).toMatchObject({
    name: "From n8n",
    version: 1,
    report: { nodes: { total: 3, converted: 2, placeholders: 1, notes: 0 }, issues: expect.any(Array) },
    triggers: [{ type: "webhook", url: expect.any(String) }],
  });
  const { body: flow } = await call("GET", `/flows/${body.id}`, undefined);
  expect(flow).toMatchObject({
    name: "From n8n",
    graph: { nodes: [{ name: "Hook", type: "webhook-trigger" }, { name: "Pass" }, { name: "Tell" }] },
  });
});

test("a workflow takes the place of a flow's draft, and of its name", async () => {
  const { body: created } = await call("POST", "/flows", workflow());
  const { status, body } = await call("PUT", `/flows/${created.id}`, { ...workflow(), name: "Second" });
  expect([status, body.revision, body.report]).toMatchObject([200, 2, { nodes: { converted: 2 } }]);
  expect((await call("GET", `/flows/${created.id}`, undefined)).body.name).toBe("Second");
});

test("what cannot be read is refused with the reason, and nothing is made", async () => {
  const { status, body } = await call("POST", "/flows", {
    ...workflow(),
    nodes: Array.from({ length: 5001 }, (_, at) => node(`N${at}`, "noOp")),
  });
  expect([status, body.error]).toMatchObject([422, { message: expect.stringContaining("n8n workflow") }]);
  const { context: ctx } = await createMember({ role: "editor" });
  await expect(importFlow({ ctx, input: { content: "hello" } })).rejects.toMatchObject({ code: "invalid" });
  await expect(importFlow({ ctx, input: { content: { graph: { nodes: 1 } } } })).rejects.toMatchObject({ code: "invalid" });
});

test("the members' roles say who may import", async () => {
  const { context: ctx } = await createMember({ role: "viewer" });
  await expect(importFlow({ ctx, input: { content: workflow() } })).rejects.toMatchObject({ code: "forbidden" });
});

test("what a workflow remembered stands in the new flow's storage, and is not taken over a flow that is there", async () => {
  const code = {
    id: "c1",
    name: "Count",
    type: "n8n-nodes-base.code",
    typeVersion: 2,
    position: [0, 0],
    parameters: { jsCode: "$getWorkflowStaticData('global'); return []" },
  };
  const content = { name: "Counts", nodes: [code], connections: {}, staticData: { global: { n: 1 }, "node:Count": { m: 2 } } };
  const { id, report } = await importFlow({ ctx: (await createMember({ role: "editor" })).context, input: { content } });
  expect(report?.issues.filter(({ field }) => field === "staticData").map(({ severity }) => severity)).toEqual(["note", "note"]);
  const kept = await db().flowStorage.findMany({ where: { flowId: id }, orderBy: { nodeId: "asc" } });
  expect(kept.map(({ nodeId, key, value }) => [nodeId, key, JSON.parse(value)])).toEqual([
    ["", "$static", { n: 1 }],
    ["c1", "$static", { m: 2 }],
  ]);
});
