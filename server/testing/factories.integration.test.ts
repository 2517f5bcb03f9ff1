import { expect, test } from "vitest";
import { db } from "@/server/db";
import { createApiKey, createFlow, createMember, manualGraph } from "./factories";
import { withTestDatabase } from "./with-test-database";

withTestDatabase();

test("factories make an organization with a member, a key and a flow", async () => {
  const { member, context } = await createMember({ role: "editor" });
  const organizationId = member.organizationId;
  const { key, apiKey } = await createApiKey({ organizationId });
  const flow = await createFlow({ organizationId, graph: manualGraph({ id: "noop", type: "no-op" }) });

  expect(context.actor).toMatchObject({ kind: "member", organizationId, role: "editor" });
  expect(key.startsWith(apiKey.prefix)).toBe(true);
  expect(await db().flow.findUnique({ where: { id: flow.id } })).toMatchObject({
    draft: { nodes: [{ name: "trigger" }, { name: "noop" }], edges: [{ source: "trigger", target: "noop" }] },
  });
});
