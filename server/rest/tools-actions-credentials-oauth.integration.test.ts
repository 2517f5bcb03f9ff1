import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followUntil, type OpenIdProvider, startOpenIdProvider } from "@/e2e/support/openid-provider/server";
import type { Role } from "@/prisma/generated/enums";
import { hashPassword } from "@/server/auth/password";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { hasRole } from "@/server/services/authorize";
import { createTenant, nowhere, ROLES, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleRest } from "./handler";

/**
 * The endpoints of tools, actions, tool credentials and OAuth, each by its name: what it answers to an API key and to a session, from
 * which role on, and that another organization's things are not there.
 */
withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

const APP = "http://localhost:3000";
const PASSWORD = "correct horse battery";
let provider: OpenIdProvider;
let service: http.Server;
let serviceUrl: string;
let other: Tenant;

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = APP;
  provider = await startOpenIdProvider({ redirectUris: [`${APP}/oauth/callback`] });
  // Says back what it was sent.
  service = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      const isKnown = headers.authorization === "Bearer sk-1234567890abcdef";
      response.writeHead(isKnown ? 201 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify({ method, url, accept: headers.accept, body: Buffer.concat(chunks).toString(), isKnown }));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  serviceUrl = `http://127.0.0.1:${port}`;
  process.env.HTTP_ALLOWLIST = `127.0.0.1:${port},${provider.host}`;
  resetEnv();
  (globalThis as { tolstoyHttpClient?: unknown }).tolstoyHttpClient = undefined;
  other = await createTenant();
});
afterAll(async () => {
  service.closeAllConnections();
  await Promise.all([provider.close(), new Promise((resolve) => service.close(resolve))]);
  process.env.HTTP_ALLOWLIST = "";
  resetEnv();
});

type Body = Record<string, unknown>;
interface Answer {
  status: number;
  body: Body;
}
/** Sends something as one caller, with the cookies that it was given before. */
type Send = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>;
type Kind = "an API key" | "a session";

function senderOf(kind: Kind | "nobody", member: Tenant["members"][Role], tenant?: Tenant): Send {
  const cookies: string[] = kind === "a session" ? [member.cookie] : [];
  return async (method, path, body, more) => {
    const request = new Request(`${APP}/api/v1${path}`, {
      method,
      headers: {
        ...(kind === "a session" && { cookie: cookies.join("; "), origin: APP }),
        ...(kind === "an API key" && { authorization: `Bearer ${member.apiKey}` }),
        // Sent by programs that know these APIs; who calls, and where, is told by key and session alone.
        ...(tenant && { "x-org-id": tenant.organizationId, "x-user-id": tenant.members.owner.userId }),
        ...(body && { "content-type": "application/json" }),
        ...more,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const response = await handleRest(request);
    cookies.push(...response.headers.getSetCookie().map((text) => text.slice(0, text.indexOf(";"))));
    return { status: response.status, body: (await response.json()) as Body };
  };
}

interface Endpoint {
  /** Lowest role that may call it. */
  role: Role;
  /** What is there before the call, made by the owner. */
  arrange?: (tenant: Tenant, owner: Send) => Promise<void>;
  /** The call. It names something of the tenant where the path does. */
  call: (send: Send, tenant: Tenant) => Promise<Answer>;
  /** The described answer. */
  answer: (body: Body, tenant: Tenant) => void;
  status: number | ((kind: Kind) => number);
  /** The path, or the body, names something that another organization has none of. */
  names: boolean;
}

const tool = (over: object = {}) => ({ name: "Slack API", baseUrl: "https://api.slack.com", authType: "bearer", ...over });
const CREDENTIALS = { credentials: { api_key: "sk-1234567890abcdef", client_secret: "cs-abcdef1234567890" } };
const MASKED = { api_key: "sk-12***********cdef", client_secret: "cs-ab***********7890" };
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

const oauthConfig = ({ toolId }: Tenant) => ({
  toolId,
  type: "oauth2",
  config: {
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    redirectUri: `${APP}/oauth/callback`,
    scope: "openid offline_access",
  },
});
/** Nothing of it says whose API it is but its address. */
const GITHUB = { name: "GitHub", baseUrl: "https://api.github.com", authType: "oauth2" };
const configured = async (tenant: Tenant, owner: Send): Promise<void> => {
  await db().oauthConfig.deleteMany({ where: { organizationId: tenant.organizationId } });
  const { config, ...rest } = oauthConfig(tenant);
  const endpoints = { issuer: provider.issuer, hosts: [provider.issuer], parameters: { prompt: "consent" } };
  await owner("POST", "/auth/config", { ...rest, config: { ...config, endpoints } });
};

const issueAction = ({ toolId }: Tenant) => ({
  name: "Create GitHub Issue",
  key: "github-create-issue",
  toolId,
  method: "POST",
  endpoint: "/repos/owner/repo/issues",
  headers: { Authorization: "Bearer {{auth.access_token}}", Accept: "application/vnd.github.v3+json" },
  inputSchema: [
    { name: "title", label: "Title", type: "string", required: true, control: "text", validation: { min: 3, max: 100 } },
    { name: "priority", type: "enum", options: ["low", "medium", "high"], required: true, control: "select", default: "medium" },
    { name: "labels", type: "array", required: false },
  ],
});
/** An action of a tool that is there, at a service that answers. */
const callable = async (tenant: Tenant, owner: Send): Promise<void> => {
  await owner("PUT", `/tools/${tenant.toolId}`, { baseUrl: serviceUrl, authType: "bearer", allowedHosts: [] });
  await owner("PUT", `/credentials/${tenant.credentialId}`, { allowedHosts: [serviceUrl] });
  const { key: _, toolId: __, ...action } = issueAction(tenant);
  await owner("PUT", `/actions/${tenant.actionId}`, action);
};

const ENDPOINTS: Record<string, Endpoint> = {
  // Tools
  "GET /tools": {
    role: "viewer",
    names: false,
    status: 200,
    call: (send) => send("GET", "/tools"),
    answer: (body, { toolId }) =>
      expect(body).toEqual([
        expect.objectContaining({ id: toolId, name: expect.any(String), baseUrl: expect.any(String), authType: "none" }),
      ]),
  },
  "POST /tools": {
    role: "editor",
    names: false,
    status: 201,
    call: (send) => send("POST", "/tools", tool()),
    answer: (body) => expect(body).toMatchObject({ id: expect.any(String), ...tool(), createdAt: INSTANT, updatedAt: INSTANT }),
  },
  "GET /tools/:id": {
    role: "viewer",
    names: true,
    status: 200,
    call: (send, { toolId }) => send("GET", `/tools/${toolId}`),
    answer: (body, { toolId }) => expect(body).toMatchObject({ id: toolId, authType: "none" }),
  },
  "PUT /tools/:id": {
    role: "editor",
    names: true,
    status: 200,
    call: (send, { toolId }) => send("PUT", `/tools/${toolId}`, { name: "Renamed", authType: "basic" }),
    answer: (body, { toolId }) => expect(body).toMatchObject({ id: toolId, name: "Renamed", authType: "basic" }),
  },
  "DELETE /tools/:id": {
    role: "editor",
    names: true,
    status: 200,
    call: (send, { toolId }) => send("DELETE", `/tools/${toolId}`),
    answer: (body, { toolId }) => expect(body).toEqual({ id: toolId }),
  },
  // Actions
  "GET /actions": {
    role: "viewer",
    names: false,
    status: 200,
    call: (send) => send("GET", "/actions"),
    answer: (body, { actionId }) => expect(body).toMatchObject({ total: 1, actions: [{ id: actionId }] }),
  },
  "POST /actions": {
    role: "editor",
    names: true,
    status: 201,
    arrange: async ({ toolId }, owner) => void (await owner("PUT", `/tools/${toolId}`, { authType: "bearer" })),
    call: (send, tenant) => send("POST", "/actions", issueAction(tenant)),
    answer: (body, tenant) => expect(body).toMatchObject({ id: expect.any(String), ...issueAction(tenant), createdAt: INSTANT }),
  },
  "GET /actions/:id": {
    role: "viewer",
    names: true,
    status: 200,
    call: (send, { actionId }) => send("GET", `/actions/${actionId}`),
    answer: (body, { actionId, toolId }) => expect(body).toMatchObject({ id: actionId, toolId, inputSchema: [] }),
  },
  "PUT /actions/:id": {
    role: "editor",
    names: true,
    status: 200,
    call: (send, { actionId }) => send("PUT", `/actions/${actionId}`, { name: "Renamed", method: "PATCH" }),
    answer: (body, { actionId }) => expect(body).toMatchObject({ id: actionId, name: "Renamed", method: "PATCH" }),
  },
  "DELETE /actions/:id": {
    role: "editor",
    names: true,
    status: 200,
    call: (send, { actionId }) => send("DELETE", `/actions/${actionId}`),
    answer: (body, { actionId }) => expect(body).toEqual({ id: actionId }),
  },
  "POST /actions/:id/execute": {
    role: "editor",
    names: true,
    status: 200,
    arrange: callable,
    call: (send, { actionId }) => send("POST", `/actions/${actionId}/execute`, { inputs: { title: "Bug Report", labels: ["bug"] } }),
    answer(body, { actionId }) {
      expect(body).toMatchObject({
        success: true,
        actionId,
        status: 201,
        data: { method: "POST", url: "/repos/owner/repo/issues", accept: "application/vnd.github.v3+json", isKnown: true },
      });
      expect(JSON.parse((body.data as { body: string }).body)).toEqual({ title: "Bug Report", priority: "medium", labels: ["bug"] });
      expect(JSON.stringify(body)).not.toContain("sk-1234567890abcdef");
    },
  },
  // Tool Credentials
  "GET /tools/secrets": {
    role: "viewer",
    names: false,
    status: 200,
    call: (send) => send("GET", "/tools/secrets"),
    answer: (body, { toolId }) =>
      expect(body).toEqual([
        {
          toolId,
          toolName: expect.any(String),
          baseUrl: "http://127.0.0.1:1",
          authType: "none",
          hasCredentials: true,
          credentialKeys: ["api_key"],
        },
      ]),
  },
  "POST /tools/:toolId/secrets": {
    role: "admin",
    names: true,
    status: 201,
    call: (send, { toolId }) => send("POST", `/tools/${toolId}/secrets`, CREDENTIALS),
    answer: (body, { toolId }) =>
      expect(body).toMatchObject({
        toolId,
        toolName: expect.any(String),
        maskedCredentials: MASKED,
        createdAt: INSTANT,
        updatedAt: INSTANT,
      }),
  },
  "GET /tools/:toolId/secrets": {
    role: "viewer",
    names: true,
    status: 200,
    arrange: async ({ toolId }, owner) => void (await owner("POST", `/tools/${toolId}/secrets`, CREDENTIALS)),
    call: (send, { toolId }) => send("GET", `/tools/${toolId}/secrets`),
    answer: (body, { toolId }) => expect(body).toMatchObject({ toolId, maskedCredentials: MASKED }),
  },
  "GET /tools/:toolId/secrets?unmask=true": {
    role: "admin",
    names: true,
    // A person proves anew who they are; a key cannot.
    status: (kind) => (kind === "a session" ? 200 : 403),
    async arrange({ members }) {
      const passwordHash = await hashPassword(PASSWORD);
      await db().user.updateMany({ where: { id: { in: ROLES.map((role) => members[role].userId) } }, data: { passwordHash } });
    },
    call: (send, { toolId }) => send("GET", `/tools/${toolId}/secrets?unmask=true`, undefined, { "x-confirm-password": PASSWORD }),
    answer: (body, { toolId }) => expect(body).toMatchObject({ toolId, credentials: { api_key: "sk-1234567890abcdef" } }),
  },
  "DELETE /tools/:toolId/secrets": {
    role: "admin",
    names: true,
    status: 200,
    call: (send, { toolId }) => send("DELETE", `/tools/${toolId}/secrets`),
    answer: (body, { toolId }) => expect(body).toEqual({ toolId }),
  },
  // OAuth2 Authentication
  "GET /auth/oauth/:provider/authorize": {
    role: "editor",
    names: true,
    status: 200,
    arrange: configured,
    call: (send, { toolId }) => send("GET", `/auth/oauth/${toolId}/authorize`),
    answer(body) {
      expect(body).toEqual({ url: expect.any(String), state: expect.any(String), credentialId: null });
      const { searchParams } = new URL(String(body.url));
      expect(searchParams.get("state")).toBe(body.state);
      expect(searchParams.get("scope")).toBe("openid offline_access");
    },
  },
  "POST /auth/oauth/callback": {
    role: "editor",
    names: false,
    status: 200,
    arrange: configured,
    async call(send, { toolId }) {
      const begun = await send("GET", `/auth/oauth/${toolId}/authorize`);
      if (begun.status !== 200) return send("POST", "/auth/oauth/callback", { code: "code", state: "state" });
      const back = await followUntil(String(begun.body.url), `${APP}/oauth/callback`);
      return send("POST", "/auth/oauth/callback", Object.fromEntries(back.searchParams));
    },
    answer: (body, { toolKey, organizationId }) =>
      expect(body).toEqual({ credentialId: expect.any(String), toolKey, orgId: organizationId }),
  },
  "POST /auth/config": {
    role: "admin",
    names: true,
    status: 201,
    arrange: async (tenant, owner) => void (await owner("PUT", `/tools/${tenant.toolId}`, GITHUB)),
    call: (send, tenant) => send("POST", "/auth/config", oauthConfig(tenant)),
    answer(body, { toolId }) {
      expect(body).toMatchObject({ toolId, type: "oauth2", provider: "github", config: { scope: "openid offline_access" } });
      expect(JSON.stringify(body)).not.toContain(provider.clientSecret);
    },
  },
  "GET /auth/config/:toolId": {
    role: "admin",
    names: true,
    status: 200,
    arrange: configured,
    call: (send, { toolId }) => send("GET", `/auth/config/${toolId}`),
    answer(body, { toolId }) {
      expect(body).toMatchObject({ toolId, type: "oauth2", config: { clientId: provider.clientId, redirectUri: `${APP}/oauth/callback` } });
      expect(JSON.stringify(body)).not.toContain(provider.clientSecret);
    },
  },
  "DELETE /auth/config/:toolId": {
    role: "admin",
    names: true,
    status: 200,
    call: (send, { toolId }) => send("DELETE", `/auth/config/${toolId}`),
    answer: (body, { toolId }) => expect(body).toEqual({ toolId }),
  },
};

/** Whoever arranges must succeed. */
const arranging =
  (send: Send): Send =>
  async (...call) => {
    const answer = await send(...call);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer;
  };

describe.each(Object.keys(ENDPOINTS))("%s", (name) => {
  const { role, arrange, call, answer, status, names } = ENDPOINTS[name] as Endpoint;

  test("answers nobody who does not say who they are", async () => {
    expect((await call(senderOf("nobody", other.members.owner), other)).status).toBe(401);
  });

  describe.each<Kind>(["an API key", "a session"])("with %s", (kind) => {
    let tenant: Tenant;
    beforeAll(async () => {
      tenant = await createTenant();
      await arrange?.(tenant, arranging(senderOf("an API key", tenant.members.owner)));
    });

    test("of a lower role is refused", async () => {
      for (const below of ROLES.filter((each) => !hasRole(each, role))) {
        expect((await call(senderOf(kind, tenant.members[below]), tenant)).status, below).toBe(403);
      }
    });

    test.runIf(names)("of another organization answers as for what does not exist, whatever the headers say", async () => {
      const send = senderOf(kind, other.members.owner, tenant);
      const [foreign, missing] = [await call(send, tenant), await call(send, nowhere(tenant))];
      for (const { body } of [foreign, missing]) delete (body.error as Body | undefined)?.requestId;
      expect(foreign.status, JSON.stringify(foreign.body)).toBe(404);
      expect(foreign).toEqual(missing);
    });

    test.runIf(!names)("of another organization answers with nothing of this one", async () => {
      const { body } = await call(senderOf(kind, other.members.owner, tenant), tenant);
      for (const id of [tenant.organizationId, tenant.toolId, tenant.actionId, tenant.credentialId]) {
        expect(JSON.stringify(body)).not.toContain(id);
      }
    });

    test("answers as it is described", async () => {
      const expected = typeof status === "number" ? status : status(kind);
      const given = await call(senderOf(kind, tenant.members[role]), tenant);
      expect(given.status, JSON.stringify(given.body)).toBe(expected);
      if (expected < 300) answer(given.body, tenant);
    });
  });
});

test("a client that was set up for a tool serves its provider by name", async () => {
  const tenant = await createTenant();
  const send = arranging(senderOf("an API key", tenant.members.owner));
  await db().oauthConfig.deleteMany({ where: { organizationId: tenant.organizationId } });
  await send("PUT", `/tools/${tenant.toolId}`, GITHUB);
  await send("POST", "/auth/config", oauthConfig(tenant));
  const { body } = await send("GET", "/auth/oauth/github/authorize");
  expect(body).toEqual({
    url: expect.stringMatching(/^https:\/\/github\.com\/login\/oauth\/authorize\?/),
    state: expect.any(String),
    credentialId: null,
  });
  expect(new URL(String(body.url)).searchParams.get("client_id")).toBe(provider.clientId);
  // One of a server of one's own does not serve github.com.
  const endpoints = { authorizationEndpoint: "https://ghe.test/authorize", tokenEndpoint: "https://ghe.test/token" };
  const { config, ...rest } = oauthConfig(tenant);
  await send("POST", "/auth/config", { ...rest, config: { ...config, endpoints } });
  expect((await senderOf("an API key", tenant.members.owner)("GET", "/auth/oauth/github/authorize")).status).toBe(409);
});

test("inputs that do not fit are answered in the documented shape", async () => {
  const tenant = await createTenant();
  const send = senderOf("an API key", tenant.members.owner);
  await callable(tenant, arranging(send));
  expect(await send("POST", `/actions/${tenant.actionId}/execute`, { inputs: { title: "x", priority: "urgent" } })).toEqual({
    status: 400,
    body: {
      statusCode: 400,
      message: "Input validation failed",
      error: "Bad Request",
      errors: [
        { field: "title", message: "String must contain at least 3 character(s)", code: "too_small" },
        {
          field: "priority",
          message: "Invalid enum value. Expected 'low' | 'medium' | 'high', received 'urgent'",
          code: "invalid_enum_value",
        },
      ],
    },
  });
});

test.each([
  ["api_key", "short12"],
  ["client_secret", "1234567"],
  ["token", "x"],
])("a %s of fewer than 8 characters is refused", async (field, value) => {
  const tenant = await createTenant();
  const send = senderOf("an API key", tenant.members.owner);
  const { status, body } = await send("POST", `/tools/${tenant.toolId}/secrets`, { credentials: { [field]: value } });
  expect(status).toBe(422);
  expect(body).toMatchObject({ error: { issues: [{ field: `fields.${field}`, code: "too_small" }] } });
  expect(JSON.stringify(body)).not.toContain(value.length > 1 ? value : '"x"');
});
