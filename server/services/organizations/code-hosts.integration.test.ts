import { expect, test } from "vitest";
import { db } from "@/server/db";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { codeHostsOf, getCodeHosts, setCodeHosts } from "./code-hosts";

withTestDatabase();

test("code reaches no hosts until an admin allows some, for the own organization alone", async () => {
  const { context: ctx, member } = await createMember({ role: "admin" });
  const { context: other } = await createMember({ role: "owner" });
  expect(await getCodeHosts({ ctx })).toEqual({ hosts: [] });
  const hosts = ["API.example.com", "*.example.org", "http://localhost:8080", "api.example.com"];
  expect(await setCodeHosts({ ctx, input: { hosts } })).toEqual({ hosts: ["api.example.com", "*.example.org", "http://localhost:8080"] });
  expect(await codeHostsOf(member.organizationId)).toHaveLength(3);
  expect(await getCodeHosts({ ctx: other })).toEqual({ hosts: [] });
  const [entry] = await db().auditLog.findMany({ where: { action: "organization.setCodeHosts" } });
  expect(entry?.data).toEqual({ before: [], hosts: ["api.example.com", "*.example.org", "http://localhost:8080"] });
});

test.each(["*", "*.com", "https://user@host", "a b", "host/path", ""])("%j is refused", async (host) => {
  const { context: ctx } = await createMember({ role: "owner" });
  await expect(setCodeHosts({ ctx, input: { hosts: ["api.example.com", host] } })).rejects.toMatchObject({
    code: "invalid",
    details: { issues: [{ field: "hosts[1]" }] },
  });
});

test("editors are refused", async () => {
  const { context: ctx } = await createMember({ role: "editor" });
  await expect(setCodeHosts({ ctx, input: { hosts: [] } })).rejects.toMatchObject({ code: "forbidden" });
});
