import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CREDENTIAL_KINDS } from "@/flow/credentials/kinds";
import { connectionTests } from "@/nodes/connection-tests";
import { env, resetEnv } from "@/server/env";
import { createAction } from "@/server/services/actions/create";
import { executeAction } from "@/server/services/actions/execute";
import type { ServiceContext } from "@/server/services/context";
import { createCredential } from "@/server/services/credentials/create";
import { testCredential } from "@/server/services/credentials/test";
import { beginOAuth } from "@/server/services/oauth/begin";
import { completeOAuth } from "@/server/services/oauth/complete";
import { setOAuthConfig } from "@/server/services/oauth/config";
import { createTool } from "@/server/services/tools/create";
import { importTool } from "@/server/services/tools/import";
import { createWebhook } from "@/server/services/webhooks/create";
import { testWebhook } from "@/server/services/webhooks/try";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { type Canary, startCanary } from "./canary-server";

withTestDatabase();

let canary: Canary;
let ctx: ServiceContext;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = "http://localhost:3000";
  process.env.HTTP_ALLOWLIST = "";
  resetEnv();
  expect(env().HTTP_ALLOWLIST).toEqual([]);
  canary = await startCanary();
});
afterAll(() => canary.close());
beforeEach(async () => {
  ({ context: ctx } = await createMember({ role: "owner" }));
});

/** The same machine, in ways that a comparison of texts would let pass. */
const HOSTS = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0"];

const client = async (endpoints: object): Promise<void> => {
  await setOAuthConfig({ ctx, input: { toolId: "local", config: { clientId: "c", clientSecret: "correct horse", endpoints } } });
};

/** Everything that takes a URL of a person's and sends something there. What it says is the outcome, or why there was none. */
const SINKS: Record<string, (url: string) => Promise<unknown>> = {
  "a document to import": (url) => importTool({ ctx, input: { url, preview: true } }),
  "an OAuth issuer": async (issuer) => {
    await client({ issuer });
    return beginOAuth({ ctx, input: { provider: "local" }, browser: "this" });
  },
  "an OAuth token endpoint, for the organization's own access": async (tokenEndpoint) => {
    await client({ tokenEndpoint, grant: "client_credentials" });
    return beginOAuth({ ctx, input: { provider: "local" }, browser: "this" });
  },
  "an OAuth token endpoint, for a code": async (tokenEndpoint) => {
    await client({ tokenEndpoint, authorizationEndpoint: "https://example.test/authorize" });
    const { state } = await beginOAuth({ ctx, input: { provider: "local" }, browser: "this" });
    return completeOAuth({ ctx, input: { state: state ?? "", code: "code" }, browser: "this" });
  },
  "the request that tries a credential": async (url) => {
    const input = { name: "Key", type: "bearer" as const, fields: { token: "correct horse" }, allowedHosts: [new URL(url).origin] };
    const { id } = await createCredential({ ctx, input: { ...input, settings: { test: { method: "GET", url } } } });
    return testCredential({ ctx, input: { id } });
  },
  "an action": async (url) => {
    const tool = await createTool({ ctx, input: { name: "Tool", baseUrl: new URL(url).origin } });
    const action = await createAction({ ctx, input: { toolId: tool.id, name: "Action", endpoint: "/" } });
    return executeAction({ ctx, input: { id: action.id } });
  },
  "an outgoing webhook": async (url) => {
    const { id } = await createWebhook({ ctx, input: { name: "Hook", url, eventTypes: ["flow.failed"] } });
    return testWebhook({ ctx, input: { id } });
  },
};

describe.each(Object.entries(SINKS))("%s", (_, send) => {
  it("is on no private address, however it is written", async () => {
    for (const host of HOSTS) {
      const said = await send(`http://${host}:${canary.port}/`).then(JSON.stringify, (error: unknown) => String(error));
      expect(said, host).toMatch(/not allowed|is not a URL|is not a host/);
    }
    expect(canary.connections()).toBe(0);
  });

  it("is of the web: other schemes are refused", async () => {
    for (const url of ["file:///etc/passwd", "gopher://127.0.0.1:70/", "data:application/json,{}", "unix:/var/run/docker.sock"]) {
      const said = await send(url).then(
        (answer) => `let through: ${JSON.stringify(answer)}`,
        (error: unknown) => String(error),
      );
      expect(said, url).not.toContain("let through");
    }
  });
});

const SERVERS = CREDENTIAL_KINDS.filter(({ key }) => key === "s3" || Object.hasOwn(connectionTests, key));

/** Values for every field of a kind that make it a server at this address. */
const fieldsOf = ({ fields }: (typeof CREDENTIAL_KINDS)[number], host: string): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap(({ name }) => {
      if (name === "host") return [[name, host.replace(/^\[(.*)\]$/, "$1")]];
      if (name === "database") return [[name, "0"]];
      if (name === "port") return [[name, String(canary.port)]];
      if (/endpoint|url/i.test(name)) return [[name, `http://${host}:${canary.port}`]];
      return /tls|ssl|secure|key$|certificate|fingerprint|privateKey/i.test(name) && !/access|secret/i.test(name)
        ? []
        : [[name, "correct-horse"]];
    }),
  );

describe.each(SERVERS.map((kind) => [kind.key, kind] as const))("the server of a credential of the kind %s", (_, kind) => {
  it("is tried at no private address", async () => {
    for (const host of HOSTS) {
      const input = { name: "Server", type: "custom" as const, fields: fieldsOf(kind, host), settings: { kind: kind.key } };
      const { id } = await createCredential({ ctx, input });
      const { ok, message } = await testCredential({ ctx, input: { id } });
      expect([ok, message], host).toEqual([false, expect.stringMatching(/not allowed|may be sent/)]);
    }
    expect(canary.connections()).toBe(0);
  });
});
