import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { db } from "@/server/db";
import { sql } from "@/server/sql";
import { createFlowStorage } from "@/server/storage/flow-storage";
import { createFlow, createMember, createOrganization } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { deleteStorage } from "./delete";
import { listStorage } from "./list";
import { setStorage } from "./set";

withTestDatabase();

async function setUp() {
  const { id: organizationId } = await createOrganization();
  const { id: flowId } = await createFlow({ organizationId });
  const editor = (await createMember({ organizationId, role: "editor" })).context;
  const viewer = (await createMember({ organizationId, role: "viewer" })).context;
  const asNode = createFlowStorage(sql(), { organizationId, flowId, nodeId: "n", executionId: "exec_1", visit: "n#0" });
  return { organizationId, flowId, editor, viewer, asNode };
}

it("lists what a flow and its nodes keep, page by page, without what an execution has not finished", async () => {
  const { flowId, viewer, asNode } = await setUp();
  await asNode.set("a", 1);
  await asNode.set("b", { x: [2] });
  await asNode.set("own", 3, "node");
  await asNode.set("shared", 4, "organization");
  await asNode.staticData.write("global", { draft: true });
  const first = await listStorage({ ctx: viewer, input: { flowId, limit: 2 } });
  expect(first.values.map(({ nodeId, key, value }) => [nodeId, key, value])).toEqual([
    ["", "a", 1],
    ["", "b", { x: [2] }],
  ]);
  const second = await listStorage({ ctx: viewer, input: { flowId, limit: 2, after: first.next } });
  expect([second.values.map(({ nodeId, key }) => [nodeId, key]), second.next]).toEqual([[["n", "own"]], null]);
  expect((await listStorage({ ctx: viewer, input: {} })).values.map(({ key }) => key)).toEqual(["shared"]);
});

it("sets and deletes a value, which nodes see and the audit log names", async () => {
  const { organizationId, flowId, editor, asNode } = await setUp();
  await setStorage({ ctx: editor, input: { flowId, key: "k", value: { n: 1 } } });
  await setStorage({ ctx: editor, input: { flowId, key: "k", value: 2 } });
  expect(await asNode.get("k")).toBe(2);
  await deleteStorage({ ctx: editor, input: { flowId, key: "k" } });
  expect(await asNode.get("k")).toBeUndefined();
  await expect(deleteStorage({ ctx: editor, input: { flowId, key: "k" } })).rejects.toMatchObject({ code: "not_found" });
  const log = await db().auditLog.findMany({ where: { organizationId }, orderBy: { id: "asc" } });
  expect(log.map(({ action, target }) => `${action} ${target}`)).toEqual(
    ["storage.set", "storage.set", "storage.delete"].map((action) => `${action} flow:${flowId}`),
  );
  await expect(setStorage({ ctx: editor, input: { flowId, key: "k", value: "x".repeat(2 ** 21) } })).rejects.toMatchObject({
    code: "invalid",
  });
});

it("refuses another organization, as if the flow did not exist, and a lower role", async () => {
  const { flowId, editor, viewer, asNode } = await setUp();
  const stranger = (await setUp()).editor;
  await asNode.set("k", 1);
  await asNode.set("k", 1, "organization");
  for (const id of [flowId, randomUUID()]) {
    const ctx = id === flowId ? stranger : editor;
    await expect(listStorage({ ctx, input: { flowId: id } })).rejects.toMatchObject({ code: "not_found", message: "Flow not found" });
    await expect(setStorage({ ctx, input: { flowId: id, key: "k", value: 9 } })).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteStorage({ ctx, input: { flowId: id, key: "k" } })).rejects.toMatchObject({ code: "not_found" });
  }
  expect((await listStorage({ ctx: stranger, input: {} })).values).toEqual([]);
  await expect(setStorage({ ctx: viewer, input: { flowId, key: "k", value: 9 } })).rejects.toMatchObject({ code: "forbidden" });
  await expect(deleteStorage({ ctx: viewer, input: { key: "k" } })).rejects.toMatchObject({ code: "forbidden" });
  expect(await asNode.get("k")).toBe(1);
});
