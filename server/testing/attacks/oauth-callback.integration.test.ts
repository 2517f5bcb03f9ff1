import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { followUntil, type OpenIdProvider, startOpenIdProvider } from "@/e2e/support/openid-provider/server";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { handleRest } from "@/server/rest/handler";
import { setOAuthConfig } from "@/server/services/oauth/config";
import { createTenant, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleTrpc } from "@/server/trpc/handler";
import { signedInCookie } from "../sign-in";

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

const APP = "http://localhost:3000";
const REDIRECT = `${APP}/oauth/callback`;
let provider: OpenIdProvider;
let home: Tenant;

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = APP;
  provider = await startOpenIdProvider({ redirectUris: [REDIRECT] });
  process.env.HTTP_ALLOWLIST = provider.host;
  resetEnv();
  (globalThis as { tolstoyHttpClient?: unknown }).tolstoyHttpClient = undefined;
});
afterAll(async () => {
  await provider.close();
  process.env.HTTP_ALLOWLIST = "";
  resetEnv();
});
beforeEach(async () => {
  home = await createTenant();
  const { clientId, clientSecret, issuer } = provider;
  const endpoints = { issuer, hosts: [issuer], parameters: { prompt: "consent" } };
  await setOAuthConfig({
    ctx: home.members.owner.ctx,
    input: { toolId: "local", config: { clientId, clientSecret, scope: "openid", endpoints } },
  });
});

/** A browser: keeps the cookies that it is given, and sends them along. */
class Browser {
  private readonly jar = new Map<string, string>();
  readonly given: string[] = [];

  constructor(session: string) {
    for (const pair of session.split("; ")) this.jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
  }

  names = (): string[] => [...this.jar.keys()].filter((name) => name.includes("oauth"));

  async trpc(path: string, input: object): Promise<{ data?: Record<string, string>; error?: { message: string } }> {
    const response = await handleTrpc(this.request(`/api/trpc/${path}`, input));
    this.keep(response);
    const body = (await response.json()) as { result?: { data: Record<string, string> }; error?: { message: string } };
    return { ...(body.result && { data: body.result.data }), ...(body.error && { error: body.error }) };
  }

  async rest(path: string, input?: object): Promise<{ status: number; body: Record<string, string> }> {
    const response = await handleRest(this.request(`/api/v1${path}`, input));
    this.keep(response);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  private request(path: string, input: object | undefined): Request {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { cookie, origin: APP, "content-type": "application/json" };
    return new Request(`${APP}${path}`, input ? { method: "POST", headers, body: JSON.stringify(input) } : { headers });
  }

  private keep(response: Response): void {
    for (const text of response.headers.getSetCookie()) {
      this.given.push(text);
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (/max-age=0/i.test(text)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
  }
}

const browserOf = async (member: { userId: string }): Promise<Browser> =>
  new Browser(await signedInCookie({ userId: member.userId, organizationId: home.organizationId }));

/** A person's account at the provider is allowed; what the provider sends them back to the callback page with. */
async function allowedIn(browser: Browser): Promise<Record<string, string>> {
  const { data } = await browser.trpc("oauth.begin", { provider: "local" });
  return Object.fromEntries((await followUntil(data?.url ?? "", REDIRECT)).searchParams);
}

const REFUSED = /begun by someone else, in another browser/;
const connected = () => db().credential.count({ where: { organizationId: home.organizationId, type: "oauth2" } });

describe("the address that a provider sends a person back to", () => {
  it("connects the account in the browser that began, over tRPC and over REST", async () => {
    const browser = await browserOf(home.members.editor);
    expect((await browser.trpc("oauth.complete", await allowedIn(browser))).data?.credentialId).toMatch(/^cred_/);
    const begun = await browser.rest("/auth/oauth/local/authorize");
    const back = await followUntil(begun.body.url ?? "", REDIRECT);
    expect((await browser.rest("/auth/oauth/callback", Object.fromEntries(back.searchParams))).status).toBe(200);
    expect(await connected()).toBe(2);
  });

  it("says by a cookie which browser that was: no script and no other site can use it, and it is gone afterwards", async () => {
    const browser = await browserOf(home.members.editor);
    const answer = await allowedIn(browser);
    const [cookie = ""] = browser.given;
    expect(cookie).toMatch(/^tolstoy\.oauth\.[0-9a-f]{16}=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const row = await db().oauthState.findFirstOrThrow({ where: { organizationId: home.organizationId } });
    expect(JSON.stringify(row)).not.toContain(/=([\w-]{43})/.exec(cookie)?.[1]);
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBeLessThanOrEqual(10 * 60_000 + 1_000);
    await browser.trpc("oauth.complete", answer);
    expect(browser.names()).toEqual([]);
  });

  it("does nothing in the browser of a victim, who is another member", async () => {
    const attacker = await browserOf(home.members.editor);
    const answer = await allowedIn(attacker);
    const victim = await browserOf(home.members.owner);
    expect((await victim.trpc("oauth.complete", answer)).error?.message).toMatch(REFUSED);
    expect((await victim.rest("/auth/oauth/callback", answer)).status).toBe(409);
    expect(await connected()).toBe(0);
  });

  it("does nothing in another browser of the same person, who has a session there", async () => {
    const here = await browserOf(home.members.editor);
    const answer = await allowedIn(here);
    const there = await browserOf(home.members.editor);
    expect((await there.trpc("oauth.complete", answer)).error?.message).toMatch(REFUSED);
    // Nor with the binding of another account that is being connected there.
    await allowedIn(there);
    expect((await there.trpc("oauth.complete", answer)).error?.message).toMatch(REFUSED);
    expect(await connected()).toBe(0);
    expect((await here.trpc("oauth.complete", answer)).data?.credentialId).toMatch(/^cred_/);
  });

  it("does nothing a second time, in the same browser", async () => {
    const browser = await browserOf(home.members.editor);
    const answer = await allowedIn(browser);
    await browser.trpc("oauth.complete", answer);
    expect((await browser.trpc("oauth.complete", answer)).error?.message).toMatch(REFUSED);
    expect(await connected()).toBe(1);
  });

  it("does nothing after ten minutes", async () => {
    const browser = await browserOf(home.members.editor);
    const answer = await allowedIn(browser);
    await db().oauthState.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await browser.trpc("oauth.complete", answer)).error?.message).toMatch(REFUSED);
    expect(await connected()).toBe(0);
  });

  it("lets two accounts be connected at the same time, each by its own answer", async () => {
    const browser = await browserOf(home.members.editor);
    const answers = [await allowedIn(browser), await allowedIn(browser)];
    expect(browser.names()).toHaveLength(2);
    for (const answer of answers.reverse()) expect((await browser.trpc("oauth.complete", answer)).error).toBeUndefined();
    expect(await connected()).toBe(2);
  });
});

describe("what a program begins with an API key", () => {
  const call = (key: string, path: string, input?: object) =>
    handleRest(
      new Request(`${APP}/api/v1${path}`, {
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(input && { method: "POST", body: JSON.stringify(input) }),
      }),
    );

  it("ends with this key alone, in no person's browser, and sets no cookie", async () => {
    const { apiKey } = home.members.editor;
    const begun = await call(apiKey, "/auth/oauth/local/authorize");
    expect(begun.headers.getSetCookie()).toEqual([]);
    const { url } = (await begun.json()) as { url: string };
    const answer = Object.fromEntries((await followUntil(url, REDIRECT)).searchParams);

    const browser = await browserOf(home.members.editor);
    expect((await browser.trpc("oauth.complete", answer)).error?.message).toMatch(REFUSED);
    expect((await call(home.members.admin.apiKey, "/auth/oauth/callback", answer)).status).toBe(409);
    expect((await call((await createTenant()).members.editor.apiKey, "/auth/oauth/callback", answer)).status).toBe(409);

    const ended = await call(apiKey, "/auth/oauth/callback", answer);
    expect(ended.status).toBe(200);
    expect(await ended.json()).toEqual({ credentialId: expect.any(String), toolKey: "oauth2", orgId: home.organizationId });
    expect((await call(apiKey, "/auth/oauth/callback", answer)).status).toBe(409);
  });

  it("cannot end what a person began", async () => {
    const answer = await allowedIn(await browserOf(home.members.editor));
    expect((await call(home.members.editor.apiKey, "/auth/oauth/callback", answer)).status).toBe(409);
    expect(await connected()).toBe(0);
  });
});
