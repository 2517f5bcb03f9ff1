import { beforeEach, expect, test } from "vitest";
import { db } from "@/server/db";
import { createMember, createOrganization, createUser } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { listAudit } from "../audit/list";
import { listMembers } from "../members/list";
import { removeMember } from "../members/remove";
import { createOrganization as createSecond } from "../organizations/create";
import { acceptInvitation } from "./accept";
import { createInvitation } from "./create";
import { listInvitations } from "./list";
import { previewInvitation } from "./preview";
import { revokeInvitation } from "./revoke";

withTestDatabase();

type Person = Awaited<ReturnType<typeof createMember>>;
let admin: Person;
let stranger: Person;
beforeEach(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  const { id: organizationId } = await createOrganization({ name: "War Office" });
  await createMember({ organizationId, role: "owner" });
  admin = await createMember({ organizationId, role: "admin" });
  stranger = await createMember();
});

const invite = (input: Parameters<typeof createInvitation>[0]["input"] = {}) => createInvitation({ ctx: admin.context, input });
const codeOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);
const accept = (by: Person, url: string) => acceptInvitation({ ctx: by.context, input: { code: codeOf(url) } });
const preview = (code: string) => previewInvitation({ address: "127.0.0.1", input: { code } });
const roleOf = async (person: Person) =>
  (await listMembers({ ctx: admin.context })).members.find(({ userId }) => userId === person.member.userId)?.role;

const NO_SUCH = { code: "not_found", message: expect.stringContaining("Invitation not found") };

test("whoever has the link joins with its role, once", async () => {
  const { url } = await invite({ role: "viewer" });
  expect(url).toMatch(/\/invite\/[0-9a-z]+-[\w-]{43}$/);
  expect(await preview(codeOf(url))).toMatchObject({ organizationName: "War Office", role: "viewer", email: null });
  expect(await accept(stranger, url)).toEqual({ organizationId: admin.member.organizationId });
  expect(await roleOf(stranger)).toBe("viewer");
  expect(await preview(codeOf(url))).toBeNull();
  expect((await listInvitations({ ctx: admin.context })).invitations).toEqual([]);
  await expect(accept(await createMember(), url)).rejects.toMatchObject(NO_SUCH);
  // Nor again after the person was removed.
  await removeMember({ ctx: admin.context, input: { userId: stranger.member.userId } });
  await expect(accept(stranger, url)).rejects.toMatchObject(NO_SUCH);
});

test("of two people who use a link at once one joins", async () => {
  const { url } = await invite();
  const people = await Promise.all([stranger, createMember(), createMember(), createMember()]);
  const results = await Promise.allSettled(people.map((person) => accept(person, url)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await db().member.count({ where: { organizationId: admin.member.organizationId } })).toBe(3);
});

test("a member who opens a link stays what they are, and it is not used up", async () => {
  const { url } = await invite({ role: "viewer" });
  await accept(admin, url);
  expect(await roleOf(admin)).toBe("admin");
  await accept(stranger, url);
  expect(await roleOf(stranger)).toBe("viewer");
});

test("an invitation for an address is for its account alone", async () => {
  const user = await createUser({ email: `pierre-${crypto.randomUUID()}@example.test` });
  const pierre = await createMember({ userId: user.id });
  const { url, email } = await invite({ email: ` ${user.email.toUpperCase()} ` });
  expect(email).toBe(user.email);
  await expect(accept(stranger, url)).rejects.toMatchObject(NO_SUCH);
  await accept(pierre, url);
  await expect(invite({ email: user.email })).rejects.toMatchObject({ code: "conflict" });
});

test("codes that are unknown, changed, expired or taken back answer alike", async () => {
  const [taken, late, open] = [await invite(), await invite(), await invite()];
  await revokeInvitation({ ctx: admin.context, input: { id: taken.id } });
  const entry = await db().auditLog.findFirstOrThrow({ where: { target: `invitation:${late.id}` } });
  await db().auditLog.update({
    where: { id: entry.id },
    data: { data: { ...(entry.data as object), expiresAt: new Date(Date.now() - 1000).toISOString() } },
  });
  const changed = `${codeOf(open.url).slice(0, -1)}${open.url.endsWith("A") ? "B" : "A"}`;
  const borrowed = `${codeOf(open.url).split("-", 1)[0]}-${codeOf(late.url).slice(codeOf(late.url).indexOf("-") + 1)}`;
  for (const code of [codeOf(taken.url), codeOf(late.url), changed, borrowed, "", "zzzzzzzzzzzz-".padEnd(56, "a"), "1-2"]) {
    expect(await preview(code), code).toBeNull();
    await expect(acceptInvitation({ ctx: stranger.context, input: { code } }), code).rejects.toMatchObject(NO_SUCH);
  }
  expect((await listInvitations({ ctx: admin.context })).invitations.map(({ id }) => id)).toEqual([open.id]);
});

test("editors invite nobody, nobody invites owners, and another organization's are not found", async () => {
  const editor = await createMember({ organizationId: admin.member.organizationId, role: "editor" });
  await expect(createInvitation({ ctx: editor.context, input: {} })).rejects.toMatchObject({ code: "forbidden" });
  await expect(listInvitations({ ctx: editor.context })).rejects.toMatchObject({ code: "forbidden" });
  await expect(invite({ role: "owner" as never })).rejects.toMatchObject({ code: "invalid" });
  const { id } = await invite();
  await expect(revokeInvitation({ ctx: editor.context, input: { id } })).rejects.toMatchObject({ code: "forbidden" });
  await expect(revokeInvitation({ ctx: stranger.context, input: { id } })).rejects.toMatchObject({ code: "not_found" });
});

test("the audit log tells who invited and who joined, and nothing of the code", async () => {
  const { url } = await invite();
  await accept(stranger, url);
  const { records } = await listAudit({ ctx: admin.context, input: {} });
  expect(records.map(({ action }) => action)).toEqual(["member.join", "member.invite"]);
  expect(JSON.stringify(records)).not.toContain(codeOf(url).split("-").at(-1));
});

test("a person makes a further organization and owns it", async () => {
  const { id } = await createSecond({ ctx: stranger.context, input: { name: "Second" } });
  expect(await db().member.findMany({ where: { organizationId: id } })).toMatchObject([{ userId: stranger.member.userId, role: "owner" }]);
  await expect(createSecond({ ctx: stranger.context, input: { name: " " } })).rejects.toMatchObject({ code: "invalid" });
});
