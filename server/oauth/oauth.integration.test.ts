import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { followUntil, type OpenIdProvider, startOpenIdProvider } from "@/e2e/support/openid-provider/server";
import type { PreparingClient } from "@/server/credentials/authorized-client";
import { createExecutionCredentials } from "@/server/credentials/execution-credentials";
import { openCredential } from "@/server/credentials/open";
import { closeDb, db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { type ClosableHttpClient, createHttpClient } from "@/server/http/guarded-client";
import { metrics } from "@/server/metrics/metrics";
import { freshToken } from "@/server/oauth/refresh";
import type { ServiceContext } from "@/server/services/context";
import { deleteCredential } from "@/server/services/credentials/delete";
import { getCredential } from "@/server/services/credentials/get";
import { beginOAuth } from "@/server/services/oauth/begin";
import { completeOAuth } from "@/server/services/oauth/complete";
import { setOAuthConfig } from "@/server/services/oauth/config";
import { disconnectOAuth } from "@/server/services/oauth/disconnect";
import { createMember } from "@/server/testing/factories";
import { startTcpProxy } from "@/server/testing/tcp-proxy";
import { withTestDatabase } from "@/server/testing/with-test-database";

withTestDatabase();

const REDIRECT = "http://localhost:3000/oauth/callback";
let provider: OpenIdProvider;
let http: ClosableHttpClient;
let ctx: ServiceContext;

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = "http://localhost:3000";
});
beforeEach(async () => {
  provider = await startOpenIdProvider({ redirectUris: [REDIRECT] });
  process.env.HTTP_ALLOWLIST = provider.host;
  resetEnv();
  (globalThis as { tolstoyHttpClient?: unknown }).tolstoyHttpClient = undefined;
  http = createHttpClient({ allowlist: [provider.host] });
  ctx = (await createMember({ role: "admin" })).context;
  await setOAuthConfig({
    ctx,
    input: {
      toolId: "local",
      config: {
        clientId: provider.clientId,
        clientSecret: provider.clientSecret,
        scope: "openid offline_access",
        endpoints: { issuer: provider.issuer, hosts: [provider.issuer], parameters: { prompt: "consent" } },
      },
    },
  });
});
afterEach(async () => {
  await http.close();
  await provider.close();
});
afterAll(() => resetEnv());

/** What the person's browser holds. */
const browser = "the browser that began";

/** As a person does it, to the callback's parameters. */
async function allow(of: ServiceContext = ctx, input: { credentialId?: string; scopes?: string[] } = {}) {
  const begun = await beginOAuth({ ctx: of, input: { provider: "local", ...input }, browser });
  if (begun.url === null) throw new Error("A person is asked");
  const back = await followUntil(begun.url, REDIRECT);
  const { state = "", ...rest } = Object.fromEntries(back.searchParams);
  return { state, ...rest };
}
const connect = async () => (await completeOAuth({ ctx, input: await allow(), browser })).credentialId;
const organizationId = () => ctx.actor.organizationId;
const access = () => createExecutionCredentials({ organizationId: organizationId(), flowId: "flow" }, http);
const user = (id: string) => ({
  name: "Call",
  credentials: { credential: { id } },
  slots: [{ name: "credential", types: ["oauth2" as const], required: true }],
});
const callApi = async (id: string, through = access()) =>
  (await through.clientFor(user(id)).request({ method: "GET", url: `${provider.issuer}/api/me`, credential: "credential" })).status;
const expire = (id: string) => db().credential.update({ where: { id }, data: { tokenExpiresAt: new Date(Date.now() - 1000) } });

describe("connecting an account", () => {
  it("gives a credential that calls the API, and shows no token", async () => {
    const id = await connect();
    expect(await callApi(id)).toBe(200);
    const view = await getCredential({ ctx, input: { id } });
    expect(view).toMatchObject({ type: "oauth2", status: "active", provider: "local", allowedHosts: [provider.issuer] });
    expect(view.scopes).toEqual(expect.arrayContaining(["openid", "offline_access"]));
    for (const token of provider.tokens) expect(JSON.stringify(view)).not.toContain(token);
  });

  it("counts a state once, however many bring it at the same time", async () => {
    const answer = await allow();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => completeOAuth({ ctx, input: answer, browser })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(completeOAuth({ ctx, input: answer, browser })).rejects.toThrow("Begin again");
  });

  it("takes no state of another person, of another organization, or that is older than ten minutes", async () => {
    const answer = await allow();
    const colleague = (await createMember({ organizationId: organizationId(), role: "owner" })).context;
    const elsewhere = (await createMember({ userId: ctx.actor.kind === "member" ? ctx.actor.userId : "", role: "owner" })).context;
    for (const other of [colleague, elsewhere])
      await expect(completeOAuth({ ctx: other, input: answer, browser })).rejects.toThrow("Begin again");
    await db().oauthState.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(completeOAuth({ ctx, input: answer, browser })).rejects.toThrow("Begin again");
  });

  it("takes no code that came with another state, nor an answer of another issuer", async () => {
    const [one, other] = [await allow(), await allow()];
    await expect(completeOAuth({ ctx, input: { ...one, code: (other as { code?: string }).code ?? "" }, browser })).rejects.toThrow(
      "did not agree",
    );
    await expect(completeOAuth({ ctx, input: { ...other, iss: "https://evil.test" }, browser })).rejects.toThrow("did not agree");
    expect(await db().credential.count({ where: { organizationId: organizationId() } })).toBe(0);
  });

  it("says so when the person refused", async () => {
    const { state } = await allow();
    await expect(completeOAuth({ ctx, input: { state, error: "access_denied" }, browser })).rejects.toThrow("access was not given");
  });

  it("connects the same credential again, with more scopes", async () => {
    const id = await connect();
    const again = await completeOAuth({ ctx, input: await allow(ctx, { credentialId: id, scopes: ["api"] }), browser });
    expect(again.credentialId).toBe(id);
    expect(await db().credential.count({ where: { organizationId: organizationId() } })).toBe(1);
    expect(await callApi(id)).toBe(200);
  });

  it("connects the organization itself, without a person", async () => {
    await setOAuthConfig({
      ctx,
      input: {
        toolId: "machine",
        config: {
          clientId: provider.clientId,
          clientSecret: provider.clientSecret,
          endpoints: { issuer: provider.issuer, hosts: [provider.issuer], grant: "client_credentials" },
        },
      },
    });
    const { credentialId } = await beginOAuth({ ctx, input: { provider: "machine" }, browser });
    expect(await callApi(credentialId ?? "")).toBe(200);
    await expire(credentialId ?? "");
    expect(await callApi(credentialId ?? "")).toBe(200);
  });
});

describe("metrics", () => {
  const lines = () =>
    [metrics.oauthFlows, metrics.tokenRefreshes, metrics.credentials, metrics.actionCredentials]
      .flatMap((instrument) => instrument.lines())
      .filter((line) => line.includes(`orgId="${organizationId()}"`))
      .map((line) => line.replace(`orgId="${organizationId()}",`, ""));

  it("count accounts that were connected or not, refreshes, and uses, and hold no secret", async () => {
    const id = await connect();
    const { state } = await allow();
    await expect(completeOAuth({ ctx, input: { state, error: "access_denied" }, browser })).rejects.toThrow("access was not given");
    await expect(completeOAuth({ ctx, input: { state: "none", code: "x" }, browser })).rejects.toThrow("Begin again");
    await expire(id);
    const node = { ...user(id), id: "node_1" };
    const call = { method: "GET", url: `${provider.issuer}/api/me`, credential: "credential" };
    await access().clientFor(node).request(call);
    await expire(id);
    provider.withdraw();
    await expect(access().clientFor(node).request(call)).rejects.toThrow("connected again");
    expect(lines()).toEqual([
      'auth_oauth_flows_total{provider="oauth2",status="success"} 1',
      'auth_oauth_flows_total{provider="oauth2",status="error"} 1',
      'auth_oauth_flows_total{provider="unknown",status="error"} 1',
      'auth_token_refresh_total{provider="oauth2",status="success"} 1',
      'auth_token_refresh_total{provider="oauth2",status="error"} 1',
      'auth_credential_injection_total{stepId="node_1",authType="oauth2"} 1',
    ]);
  });

  it("count what actions were given, by tool", async () => {
    const id = await connect();
    const slots = [{ name: "credential", tool: "github", types: ["oauth2" as const], required: true }];
    const node = { ...user(id), slots };
    await access()
      .clientFor(node)
      .request({ method: "GET", url: `${provider.issuer}/api/me`, credential: "credential" });
    await expect(access().fields({ ...node, credentials: { credential: { id: "none" } } }, "credential")).rejects.toThrow("does not exist");
    expect(lines().filter((line) => line.startsWith("action_"))).toEqual([
      'action_auth_injection_total{toolKey="github",authType="oauth2",status="success"} 1',
      'action_auth_injection_total{toolKey="github",authType="unknown",status="error"} 1',
    ]);
  });
});

describe("a token that has expired", () => {
  it("is refreshed once for fifty executions at the same time", async () => {
    const id = await connect();
    await expire(id);
    const statuses = await Promise.all(Array.from({ length: 50 }, () => callApi(id)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(provider.counts).toMatchObject({ refreshed: 1, refusedGrants: 0 });
  });

  it("is refreshed once by many processes, by the lease alone", async () => {
    const id = await connect();
    await expire(id);
    const holder = globalThis as unknown as { tolstoyRefreshes?: Map<string, unknown> };
    const forgetful = new Map<string, unknown>();
    forgetful.get = () => undefined;
    holder.tolstoyRefreshes = forgetful;
    try {
      const statuses = await Promise.all(Array.from({ length: 20 }, () => callApi(id)));
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(provider.counts).toMatchObject({ refreshed: 1, refusedGrants: 0 });
    } finally {
      holder.tolstoyRefreshes = new Map();
    }
  });

  it("is kept when the database goes away while the provider is asked: the refresh token that it gave is the only one left", async () => {
    const id = await connect();
    await expire(id);
    const direct = process.env.DATABASE_URL ?? "";
    const proxy = await startTcpProxy(Number(new URL(direct).port));
    await closeDb();
    process.env.DATABASE_URL = direct.replace(new URL(direct).host, `127.0.0.1:${proxy.port}`);
    resetEnv();
    const outage: PreparingClient = {
      async request(request, signal) {
        const response = await http.request(request, signal);
        if (provider.counts.refreshed === 1 && proxy.cut === 0) {
          proxy.weather = "closed";
          proxy.reset();
          setTimeout(() => {
            proxy.weather = "fair";
          }, 400);
        }
        return response;
      },
    };
    try {
      const through = createExecutionCredentials({ organizationId: organizationId(), flowId: "flow" }, outage);
      expect(await callApi(id, through)).toBe(200);
      expect(proxy.cut).toBeGreaterThan(0);
      await expire(id);
      expect(await callApi(id)).toBe(200);
      expect(provider.counts).toMatchObject({ refreshed: 2, refusedGrants: 0 });
    } finally {
      await closeDb();
      process.env.DATABASE_URL = direct;
      resetEnv();
      await proxy.close();
    }
  });

  it("is refreshed five minutes early, and the provider's new refresh token is kept", async () => {
    const id = await connect();
    const before = await openCredential(await db().credential.findUniqueOrThrow({ where: { id } }));
    await db().credential.update({ where: { id }, data: { tokenExpiresAt: new Date(Date.now() + 4 * 60_000) } });
    expect(await callApi(id)).toBe(200);
    const after = await openCredential(await db().credential.findUniqueOrThrow({ where: { id } }));
    expect(provider.counts.refreshed).toBe(1);
    expect(after.fields.refresh_token).not.toBe(before.fields.refresh_token);
    expect(after.version).toBe(before.version + 1);
  });

  it("is refreshed once when the service refuses it before its time", async () => {
    const id = await connect();
    const row = await db().credential.findUniqueOrThrow({ where: { id } });
    const { fields } = await openCredential(row);
    const { embeddedSecretStore } = await import("@/server/secrets/secret-store");
    const secret = await embeddedSecretStore.put(
      { organizationId: organizationId(), credentialId: id },
      { ...fields, access_token: "withdrawn-in-the-meantime" },
    );
    await db().credential.update({ where: { id }, data: { secret } });
    const statuses = await Promise.all(Array.from({ length: 10 }, () => callApi(id)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(provider.counts.refreshed).toBe(1);
  });

  it("waits for nobody who died while refreshing", async () => {
    const id = await connect();
    await expire(id);
    await db().credential.update({ where: { id }, data: { leaseId: "of the dead", leaseUntil: new Date(Date.now() - 1) } });
    expect(await callApi(id)).toBe(200);
  });
});

describe("a grant that has ended", () => {
  it("asks for a new connection, and says so once", async () => {
    const id = await connect();
    await expire(id);
    provider.withdraw();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => callApi(id)));
    expect(results.every((result) => result.status === "rejected" && /has to be connected again/.test(String(result.reason)))).toBe(true);
    expect(await db().auditLog.count({ where: { target: `credential:${id}`, action: "credential.reconnectRequired" } })).toBe(1);
    expect(provider.counts.refusedGrants).toBe(1);
    expect(await getCredential({ ctx, input: { id } })).toMatchObject({ status: "reconnect_required" });
  });

  it("is told without the token that the provider quotes", async () => {
    const id = await connect();
    const row = await db().credential.findUniqueOrThrow({ where: { id } });
    const { fields } = await openCredential(row);
    const quoting: Parameters<typeof freshToken>[2]["http"] = {
      async request(request) {
        if (request.method === "GET") return http.request(request);
        const body = JSON.stringify({ error: "invalid_grant", error_description: `no such token: ${fields.refresh_token}` });
        const headers = { "content-type": "application/json" };
        return { status: 400, statusText: "", headers, body: new TextEncoder().encode(body), url: request.url };
      },
    };
    await expire(id);
    await expect(freshToken(id, organizationId(), { http: quoting })).rejects.toThrow("connected again");
    const { statusReason } = await db().credential.findUniqueOrThrow({ where: { id } });
    expect(statusReason).toBe("invalid_grant: no such token: [redacted]");
  });

  it("is revoked at the provider when it is disconnected or deleted", async () => {
    const id = await connect();
    expect(await disconnectOAuth({ ctx, input: { id } })).toEqual({ id, revoked: true });
    await expect(callApi(id)).rejects.toThrow("connected again");
    expect(provider.counts.revoked).toBe(1);
    const other = await connect();
    await deleteCredential({ ctx, input: { id: other } });
    expect(provider.counts.revoked).toBe(2);
  });
});

it("a token goes to the provider's hosts only", async () => {
  const id = await connect();
  const through = access();
  const request = { method: "GET", url: "https://evil.test/api/me", credential: "credential" };
  await expect(through.clientFor(user(id)).request(request)).rejects.toThrow("may be sent only to");
});
