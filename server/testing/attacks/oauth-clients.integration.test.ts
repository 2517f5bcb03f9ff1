import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type OpenIdProvider, startOpenIdProvider } from "@/e2e/support/openid-provider/server";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import type { ServiceContext } from "@/server/services/context";
import { beginOAuth } from "@/server/services/oauth/begin";
import { setOAuthConfig } from "@/server/services/oauth/config";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { type Canary, startCanary } from "./canary-server";

withTestDatabase();

let provider: OpenIdProvider;
let canary: Canary;
let admin: ServiceContext;
let editor: ServiceContext;

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = "http://localhost:3000";
  provider = await startOpenIdProvider({ redirectUris: ["http://localhost:3000/oauth/callback"] });
  canary = await startCanary();
  process.env.HTTP_ALLOWLIST = `${provider.host},${canary.host}`;
  resetEnv();
  (globalThis as { tolstoyHttpClient?: unknown }).tolstoyHttpClient = undefined;
});
afterAll(async () => {
  await Promise.all([provider.close(), canary.close()]);
  process.env.HTTP_ALLOWLIST = "";
  resetEnv();
});
beforeEach(async () => {
  const { member, context } = await createMember({ role: "admin" });
  admin = context;
  ({ context: editor } = await createMember({ organizationId: member.organizationId, role: "editor" }));
  await set({ clientSecret: provider.clientSecret });
});

const endpoints = () => ({ issuer: provider.issuer, hosts: [provider.issuer], grant: "client_credentials" as const });
const set = (config: object) =>
  setOAuthConfig({ ctx: admin, input: { toolId: "machine", config: { clientId: provider.clientId, endpoints: endpoints(), ...config } } });

describe("an OAuth client's secret", () => {
  it.each(["issuer", "tokenEndpoint", "revocationEndpoint"])("stays behind when the %s is moved to another host", async (name) => {
    const moved = { ...endpoints(), [name]: `${canary.url}/token` };
    await expect(set({ endpoints: moved })).rejects.toThrow("config.clientSecret must be entered again");
    expect((await db().oauthConfig.findFirstOrThrow({ where: { organizationId: admin.actor.organizationId } })).endpoints).toEqual(
      endpoints(),
    );
    await set({ endpoints: moved, clientSecret: "another secret of mine" });
    expect(canary.seen.join()).not.toContain(provider.clientSecret);
  });

  it("stays where it is while nothing moves", async () => {
    await set({ scope: "openid" });
    expect((await beginOAuth({ ctx: admin, input: { provider: "machine" }, browser: "this" })).credentialId).toEqual(expect.any(String));
  });
});

it("the organization's own access is not for editors to take, nor to send elsewhere", async () => {
  const input = { provider: "machine", allowedHosts: [canary.url] };
  await expect(beginOAuth({ ctx: editor, input, browser: "this" })).rejects.toMatchObject({ code: "forbidden" });
  expect(await db().credential.count({ where: { organizationId: editor.actor.organizationId } })).toBe(0);
});

it.each(["javascript:alert(1)//", "data:text/html,x", "file:///etc/passwd"])(
  "an issuer that sends people to %s is refused before a browser goes there",
  async (address) => {
    canary.answer = (_, base) => ({
      issuer: base,
      authorization_endpoint: address,
      token_endpoint: `${base}/token`,
      response_types_supported: ["code"],
    });
    const issuer = `${canary.url}/${encodeURIComponent(address)}`;
    await setOAuthConfig({ ctx: admin, input: { toolId: "liar", config: { clientId: "c", clientSecret: null, endpoints: { issuer } } } });
    await expect(beginOAuth({ ctx: editor, input: { provider: "liar" }, browser: "this" })).rejects.toThrow(/did not agree/);
  },
);
