import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseCookies } from "@/server/auth/cookies";
import { authOptions } from "@/server/auth/options";
import { sessionOf } from "@/server/auth/session";
import { db } from "@/server/db";
import { createMember, createUser } from "@/server/testing/factories";
import { signedInCookie } from "@/server/testing/sign-in";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { authenticate } from "./authenticate";
import { register } from "./register";
import { signInWithProvider } from "./sign-in-with-provider";

withTestDatabase();

beforeAll(() => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
beforeEach(() => db().rateLimit.deleteMany());

const address = "192.0.2.1";
const password = "correct horse battery";
const unique = () => `${crypto.randomUUID()}@example.test`;

describe("registering", () => {
  test("makes a user who owns an organization of their own, and can sign in however the address is typed", async () => {
    const email = unique();
    await register({ address, input: { email: ` ${email.toUpperCase()} `, password, name: "Ada" } });
    const user = await authenticate({ address, input: { email: email.toUpperCase(), password } });
    expect(user).toMatchObject({ email, name: "Ada" });
    const members = await db().member.findMany({ where: { userId: user?.id ?? "" }, include: { organization: true } });
    expect(members).toMatchObject([{ role: "owner", organization: { personal: true, name: "Ada's organization" } }]);
  });

  test("answers the same when the address is taken, and changes nothing of the account", async () => {
    const email = unique();
    const first = await register({ address, input: { email, password } });
    const second = await register({ address, input: { email, password: "another password" } });
    expect(second).toEqual(first);
    expect(await authenticate({ address, input: { email, password: "another password" } })).toBeNull();
    expect(await authenticate({ address, input: { email, password } })).not.toBeNull();
    expect(await db().organization.count({ where: { members: { some: { user: { email } } } } })).toBe(1);
  });

  test.each([
    [{ email: "no address", password }, "email"],
    [{ email: "a@example.test", password: "short" }, "password"],
    [{ email: { contains: "@" } as unknown as string, password }, "email"],
  ])("refuses %j and names the field", async (input, field) => {
    await expect(register({ address, input })).rejects.toMatchObject({
      code: "invalid",
      details: { issues: [expect.objectContaining({ field })] },
    });
  });
});

describe("signing in", () => {
  test("says no more than that it did not work", async () => {
    const email = unique();
    await register({ address, input: { email, password } });
    for (const input of [
      { email, password: "wrong" },
      { email: unique(), password },
      { email, password: { length: 20 } },
      { email },
      null,
      "text",
    ]) {
      expect(await authenticate({ address, input })).toBeNull();
    }
  });

  test("takes as long for an address that has no account", async () => {
    const email = unique();
    await register({ address, input: { email, password } });
    const time = async (input: unknown) => {
      const began = performance.now();
      await authenticate({ address, input });
      return performance.now() - began;
    };
    await time({ email: unique(), password });
    const [known, unknown] = [await time({ email, password: "wrong" }), await time({ email: unique(), password: "wrong" })];
    expect(unknown).toBeGreaterThan(known / 3);
  });

  test("stops after ten failures of one address at an account, also when they come at once", async () => {
    const email = unique();
    await register({ address, input: { email, password } });
    const attempts = await Promise.allSettled(
      Array.from({ length: 15 }, () => authenticate({ address, input: { email, password: "wrong" } })),
    );
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    await expect(authenticate({ address, input: { email, password } })).rejects.toMatchObject({
      code: "rate_limited",
      details: { retryAfterSeconds: expect.any(Number) },
    });
    // The owner, elsewhere, is not locked out.
    expect(await authenticate({ address: "192.0.2.2", input: { email, password } })).not.toBeNull();
  });

  test("counts failures only", async () => {
    const email = unique();
    await register({ address, input: { email, password } });
    for (let index = 0; index < 12; index++) expect(await authenticate({ address, input: { email, password } })).not.toBeNull();
  });
});

describe("signing in with a provider", () => {
  const profile = (over: Partial<Parameters<typeof signInWithProvider>[0]> = {}) => ({
    provider: "github",
    providerAccountId: crypto.randomUUID(),
    email: unique(),
    emailVerified: true,
    name: "Grace",
    image: null,
    ...over,
  });

  test("makes an account the first time and finds it by the provider's id afterwards, whatever the address is by then", async () => {
    const first = profile();
    const made = await signInWithProvider(first);
    expect(made.ok).toBe(true);
    expect(await signInWithProvider({ ...first, email: "else@example.test", emailVerified: false })).toEqual(made);
  });

  test("needs an address that the provider has verified", async () => {
    expect(await signInWithProvider(profile({ emailVerified: false }))).toEqual({ ok: false, reason: "EmailNotVerified" });
    expect(await signInWithProvider(profile({ email: null }))).toEqual({ ok: false, reason: "EmailNotVerified" });
  });

  test("does not open an account with a password: whoever registered the address may not own it", async () => {
    const email = unique();
    await register({ address, input: { email, password } });
    expect(await signInWithProvider(profile({ email }))).toEqual({ ok: false, reason: "OAuthAccountNotLinked" });
    expect(await db().account.count({ where: { user: { email } } })).toBe(0);
  });

  test("joins two providers that have both verified the address", async () => {
    const email = unique();
    const github = await signInWithProvider(profile({ email }));
    expect(await signInWithProvider(profile({ email, provider: "google" }))).toEqual(github);
  });

  test("the same id at another provider is someone else", async () => {
    const one = profile();
    const made = await signInWithProvider(one);
    const other = await signInWithProvider(profile({ provider: "google", providerAccountId: one.providerAccountId }));
    expect(other).not.toEqual(made);
  });
});

describe("a session", () => {
  const jarOf = (header: string) => parseCookies(header);

  test("is in the organization that was chosen, and in the personal one when that is not theirs", async () => {
    const email = unique();
    await register({ address, input: { email, password } });
    const user = await db().user.findUniqueOrThrow({ where: { email }, include: { members: true } });
    const { member } = await createMember({ userId: user.id, role: "viewer" });
    const { member: foreign } = await createMember();
    const inOrganization = async (organizationId: string) =>
      (await sessionOf(jarOf(await signedInCookie({ userId: user.id, organizationId }))))?.organization;
    expect(await inOrganization(member.organizationId)).toMatchObject({ id: member.organizationId, role: "viewer" });
    expect(await inOrganization(foreign.organizationId)).toMatchObject({ id: user.members[0]?.organizationId, role: "owner" });
  });

  test("ends when all sessions of its user are ended, and when the user is gone", async () => {
    const { member } = await createMember();
    const jar = jarOf(await signedInCookie(member));
    expect(await sessionOf(jar)).not.toBeNull();
    await db().user.update({ where: { id: member.userId }, data: { sessionsValidFrom: new Date(Date.now() + 1) } });
    expect(await sessionOf(jar)).toBeNull();
    const again = jarOf(await signedInCookie(member));
    expect(await sessionOf(again)).not.toBeNull();
    await db().user.delete({ where: { id: member.userId } });
    expect(await sessionOf(again)).toBeNull();
  });

  test("is none for whatever else is in its cookie", async () => {
    for (const value of ["", "a", "a.b.c", "%", "🙂", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(10_000)]) {
      expect(await sessionOf(jarOf(`tolstoy.session=${value}`))).toBeNull();
    }
  });

  test("carries the user and nothing of their roles", async () => {
    const user = await createUser();
    const account = { provider: "credentials", type: "credentials", providerAccountId: user.id } as const;
    const claims = await authOptions().callbacks?.jwt?.({ token: { name: "x", email: "y" }, account, user: { id: user.id } } as never);
    expect(claims).toEqual({ sub: user.id, validFrom: user.sessionsValidFrom.getTime() });
  });
});
