import { beforeEach, expect, test } from "vitest";
import { actorOfApiKey } from "@/server/auth/api-key";
import { db } from "@/server/db";
import { createMember, createOrganization } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createApiKey } from "../api-keys/create";
import { listApiKeys } from "../api-keys/list";
import { revokeApiKey } from "../api-keys/revoke";
import { listAudit } from "../audit/list";
import { listMembers } from "./list";
import { removeMember } from "./remove";
import { setMemberRole } from "./set-role";

withTestDatabase();

type Person = Awaited<ReturnType<typeof createMember>>;
let owner: Person;
let admin: Person;
let viewer: Person;
beforeEach(async () => {
  const { id: organizationId } = await createOrganization();
  owner = await createMember({ organizationId, role: "owner" });
  admin = await createMember({ organizationId, role: "admin" });
  viewer = await createMember({ organizationId, role: "viewer" });
});

const setRole = (by: Person, whom: Person, role: "owner" | "admin" | "editor" | "viewer") =>
  setMemberRole({ ctx: by.context, input: { userId: whom.member.userId, role } });
const remove = (by: Person, whom: Person) => removeMember({ ctx: by.context, input: { userId: whom.member.userId } });

test("an admin manages members but no owners, and makes none", async () => {
  await setRole(admin, viewer, "editor");
  await expect(setRole(admin, owner, "viewer")).rejects.toMatchObject({ code: "forbidden" });
  await expect(setRole(admin, admin, "owner")).rejects.toMatchObject({ code: "forbidden" });
  await expect(remove(admin, owner)).rejects.toMatchObject({ code: "forbidden" });
  await remove(admin, viewer);
  const { members } = await listMembers({ ctx: admin.context });
  expect(members.map(({ role }) => role)).toEqual(["owner", "admin"]);
});

test("the last owner neither leaves nor steps down, also when two try at once", async () => {
  await expect(setRole(owner, owner, "admin")).rejects.toMatchObject({ code: "conflict" });
  await expect(remove(owner, owner)).rejects.toMatchObject({ code: "conflict" });
  await setRole(owner, admin, "owner");
  const results = await Promise.allSettled([
    remove(owner, owner),
    remove({ ...admin, context: { ...admin.context, actor: { ...owner.context.actor, userId: admin.member.userId } as never } }, admin),
  ]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await db().member.count({ where: { organizationId: owner.member.organizationId, role: "owner" } })).toBe(1);
});

test("anyone may leave, and a viewer may remove nobody else", async () => {
  await expect(remove(viewer, admin)).rejects.toMatchObject({ code: "forbidden" });
  await remove(viewer, viewer);
  expect((await listMembers({ ctx: owner.context })).members).toHaveLength(2);
});

test("an API key is shown once, works until it is revoked, and never owns the organization", async () => {
  const { id, key, prefix } = await createApiKey({ ctx: admin.context, input: { name: "CI" } });
  expect(key).toMatch(/^tol_[\w-]{43}$/);
  expect(await actorOfApiKey(key)).toEqual({ kind: "apiKey", apiKeyId: id, organizationId: admin.member.organizationId, role: "editor" });
  const { apiKeys } = await listApiKeys({ ctx: admin.context });
  expect(apiKeys).toMatchObject([{ id, prefix, lastUsedAt: expect.any(String) }]);
  expect(JSON.stringify([apiKeys, await db().apiKey.findUnique({ where: { id } })])).not.toContain(key);
  await revokeApiKey({ ctx: admin.context, input: { id } });
  expect(await actorOfApiKey(key)).toBeNull();
  await expect(revokeApiKey({ ctx: admin.context, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  await expect(createApiKey({ ctx: owner.context, input: { name: "x", role: "owner" as never } })).rejects.toMatchObject({
    code: "invalid",
  });
});

test("the audit log says who did what, page by page", async () => {
  for (const name of ["one", "two", "three"]) await createApiKey({ ctx: admin.context, input: { name } });
  const first = await listAudit({ ctx: owner.context, input: { limit: 2 } });
  const second = await listAudit({ ctx: owner.context, input: { limit: 2, cursor: first.nextCursor } });
  expect([...first.records, ...second.records].map(({ action, data }) => [action, data])).toEqual(
    ["three", "two", "one"].map((name) => ["apiKey.create", { name, role: "editor" }]),
  );
  expect(first.records[0]).toMatchObject({ actor: `user:${admin.member.userId}`, actorName: expect.stringMatching(/^User /) });
  expect(second.nextCursor).toBeNull();
});
