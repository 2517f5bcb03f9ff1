import { readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Role } from "@/prisma/generated/enums";
import { setEngine } from "@/server/execution/get-engine";
import { hasRole } from "@/server/services/authorize";
import { twoStepGraph } from "@/server/testing/executions";
import { recordingEngine } from "@/server/testing/recording-engine";
import { createTenant, nowhere, ROLES, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleRest } from "./handler";
import { restRoutes } from "./routes";

/** Every route and who may call it. One that is missing here fails the first test: decide, then add it. */
interface Access {
  role: Role;
  /** What those who may call it get, where the call cannot come to a good end here. */
  refused?: number;
  /** Id for the path's `:id`, `:toolId` or `:provider`; a route without one names nothing. */
  id?: (tenant: Tenant) => string;
  /** Id for `:executionId`. */
  executionId?: (tenant: Tenant) => string;
  /** A body that names something of the tenant is made for it. */
  body?: object | ((tenant: Tenant) => object);
}

const ofFlow = (executionId: (tenant: Tenant) => string) => ({ id: ({ flowId }: Tenant) => flowId, executionId });

const graph = twoStepGraph();
const ACCESS: Record<string, Access> = {
  "GET /flows": { role: "viewer" },
  "POST /flows": { role: "editor", body: { name: "New", graph } },
  "GET /flows/:id": { role: "viewer", id: ({ flowId }) => flowId },
  "PUT /flows/:id": { role: "editor", id: ({ flowId }) => flowId, body: { graph } },
  "DELETE /flows/:id": { role: "editor", id: ({ flowId }) => flowId },
  "POST /flows/:id/execute": { role: "editor", id: ({ flowId }) => flowId, body: { variables: {} } },
  "GET /flows/:id/executions": { role: "viewer", id: ({ flowId }) => flowId },
  "GET /flows/:id/executions/:executionId": { role: "viewer", ...ofFlow(({ executionId }) => executionId) },
  "GET /flows/:id/executions/:executionId/logs": { role: "viewer", ...ofFlow(({ executionId }) => executionId) },
  "POST /flows/:id/executions/:executionId/cancel": { role: "editor", ...ofFlow(({ runningId }) => runningId) },
  "POST /flows/:id/executions/:executionId/retry": { role: "editor", ...ofFlow(({ executionId }) => executionId) },
  "GET /flows/:id/metrics": { role: "viewer", id: ({ flowId }) => flowId },
  "GET /execution-logs/stats": { role: "viewer" },
  "GET /execution-logs/:executionId": { role: "viewer", executionId: ({ executionId }) => executionId },
  "GET /execution-logs/:id/execution/:executionId": { role: "viewer", ...ofFlow(({ executionId }) => executionId) },
  "GET /tools/secrets": { role: "viewer" },
  "GET /tools/:id/secrets": { role: "viewer", id: ({ toolId }) => toolId },
  "POST /tools/:id/secrets": { role: "admin", id: ({ toolId }) => toolId, body: { credentials: { api_key: "sk-1234567890abcdef" } } },
  "DELETE /tools/:id/secrets": { role: "admin", id: ({ toolId }) => toolId },
  "GET /credentials": { role: "viewer" },
  "POST /credentials": { role: "editor", body: { name: "Key", type: "bearer", fields: { token: "correct horse" } } },
  "GET /credentials/:id": { role: "viewer", id: ({ credentialId }) => credentialId },
  "PUT /credentials/:id": { role: "admin", id: ({ credentialId }) => credentialId, body: { name: "Renamed" } },
  "DELETE /credentials/:id": { role: "admin", id: ({ credentialId }) => credentialId },
  "POST /credentials/:id/rotate": { role: "admin", id: ({ credentialId }) => credentialId, body: { fields: { api_key: "correct horse" } } },
  "POST /credentials/:id/share": { role: "admin", id: ({ credentialId }) => credentialId, body: { minRole: "admin" } },
  "POST /credentials/:id/test": { role: "editor", id: ({ credentialId }) => credentialId },
  "POST /credentials/:id/unmask": { role: "admin", id: ({ credentialId }) => credentialId, body: { password: "none" }, refused: 403 },
  "POST /credentials/:id/disconnect": { role: "admin", id: ({ credentialId }) => credentialId, refused: 409 },
  "GET /auth/oauth/:provider/authorize": { role: "editor", id: ({ toolId }) => toolId },
  "POST /auth/oauth/callback": { role: "editor", body: { state: "none that was given", code: "x" }, refused: 409 },
  "POST /auth/config": {
    role: "admin",
    body: { toolId: "github", type: "oauth2", config: { clientId: "client", clientSecret: "correct horse", scope: "repo user" } },
  },
  "GET /auth/config/:toolId": { role: "admin", id: ({ toolId }) => toolId },
  "DELETE /auth/config/:toolId": { role: "admin", id: ({ toolId }) => toolId },
  "GET /tools": { role: "viewer" },
  "POST /tools": { role: "editor", body: { name: "Slack API", baseUrl: "https://api.slack.com", authType: "bearer" } },
  "POST /tools/import": { role: "editor", body: { content: "curl https://api.shop.test/orders" } },
  "GET /tools/:id": { role: "viewer", id: ({ toolId }) => toolId },
  "GET /tools/:id/usage": { role: "viewer", id: ({ toolId }) => toolId },
  "PUT /tools/:id": { role: "editor", id: ({ toolId }) => toolId, body: { name: "Renamed" } },
  "DELETE /tools/:id": { role: "editor", id: ({ toolId }) => toolId },
  "GET /actions": { role: "viewer" },
  "POST /actions": { role: "editor", body: ({ toolId }) => ({ toolId, name: "List", endpoint: "/list" }) },
  "GET /actions/:id": { role: "viewer", id: ({ actionId }) => actionId },
  "PUT /actions/:id": { role: "editor", id: ({ actionId }) => actionId, body: { name: "Renamed" } },
  "DELETE /actions/:id": { role: "editor", id: ({ actionId }) => actionId },
  "POST /actions/:id/execute": { role: "editor", id: ({ actionId }) => actionId, body: { inputs: {} } },
  "GET /triggers/:id": { role: "viewer", id: ({ triggerId }) => triggerId },
  "POST /triggers/:id/poll": { role: "editor", id: ({ triggerId }) => triggerId, refused: 409 },
  "PUT /triggers/:id/secret": { role: "editor", id: ({ triggerId }) => triggerId, body: { secret: "correct horse" } },
  "DELETE /triggers/:id/secret": { role: "editor", id: ({ triggerId }) => triggerId },
  "POST /events": { role: "editor", body: { name: "order.created", data: { id: 1 } } },
  "GET /webhooks": { role: "admin" },
  "GET /webhooks/event-types": { role: "viewer" },
  "POST /webhooks": { role: "admin", body: { name: "New", url: "https://example.test/hook", eventTypes: ["flow.completed"] } },
  "GET /webhooks/:id": { role: "admin", id: ({ webhookId }) => webhookId },
  "PUT /webhooks/:id": { role: "admin", id: ({ webhookId }) => webhookId, body: { name: "Renamed" } },
  "DELETE /webhooks/:id": { role: "admin", id: ({ webhookId }) => webhookId },
  "PATCH /webhooks/:id/toggle": { role: "admin", id: ({ webhookId }) => webhookId },
  "POST /webhooks/:id/test": { role: "admin", id: ({ webhookId }) => webhookId },
  "GET /webhooks/:id/deliveries": { role: "admin", id: ({ webhookId }) => webhookId },
  "GET /webhooks/:id/deliveries/:deliveryId": { role: "admin", id: ({ webhookId }) => webhookId },
  "POST /webhooks/:id/deliveries/:deliveryId/resend": { role: "admin", id: ({ webhookId }) => webhookId },
  "GET /arrivals": { role: "viewer" },
  "GET /arrivals/:id": { role: "viewer", id: ({ arrivalId }) => arrivalId },
  "POST /arrivals/:id/replay": { role: "editor", id: ({ arrivalId }) => arrivalId },
  "DELETE /arrivals/:id": { role: "editor", id: ({ arrivalId }) => arrivalId },
  "GET /executions": { role: "viewer" },
  "GET /executions/:id": { role: "viewer", id: ({ executionId }) => executionId },
  "GET /executions/:id/links": { role: "viewer", id: ({ executionId }) => executionId },
  "GET /executions/:id/steps/:key": { role: "viewer", id: ({ executionId }) => executionId },
  "POST /executions/:id/pause": { role: "editor", id: ({ runningId }) => runningId },
  "POST /executions/:id/resume-run": { role: "editor", id: ({ runningId }) => runningId },
  "POST /executions/:id/cancel": { role: "editor", id: ({ runningId }) => runningId },
  "POST /executions/:id/retry": { role: "editor", id: ({ executionId }) => executionId },
  "GET /executions/:id/decisions": { role: "viewer", id: ({ executionId }) => executionId },
  "POST /executions/:id/decisions": { role: "editor", id: ({ waitingId }) => waitingId, body: { key: "start#0", decision: "again" } },
  "GET /executions/:id/resumption": { role: "viewer", id: ({ executionId }) => executionId },
  "POST /executions/:id/resumption": { role: "editor", id: ({ executionId }) => executionId },
  "GET /executions/:id/same-error": { role: "viewer", id: ({ failedId }) => failedId },
  "POST /executions/:id/same-error/resumption": { role: "editor", id: ({ failedId }) => failedId },
  "POST /executions/:id/resume": { role: "editor", id: ({ waitingId }) => waitingId, body: { key: "fields#0", approved: true } },
};

/** What answers beside `/api/v1`, and what says who may call it. */
const OTHER_ENTRANCES: Record<string, string> = {
  "(public)/chat/[id]": "server/triggers/public/public.integration.test.ts",
  "(public)/chat/test/[id]": "server/triggers/public/public.integration.test.ts",
  "(public)/form/[id]": "server/triggers/public/public.integration.test.ts",
  "(public)/form/run/[executionId]/[token]": "server/triggers/public/form-run.integration.test.ts",
  "(public)/form/test/[id]": "server/triggers/public/public.integration.test.ts",
  "api/auth/[...nextauth]": "server/services/accounts/accounts.integration.test.ts",
  "api/health": "open to all: says whether the process works",
  "api/hooks/[id]": "server/triggers/webhook.integration.test.ts",
  "api/hooks/[id]/[...path]": "server/triggers/webhook-path.test.ts",
  "api/hooks/test/[id]": "server/triggers/held-arrivals.integration.test.ts",
  "api/hooks/test/[id]/[...path]": "server/triggers/webhook-path.test.ts",
  "api/inngest": "signed by Inngest, checked by its SDK",
  "api/metrics": "server/rest/metrics.integration.test.ts",
  "api/resume/[executionId]/[token]": "server/triggers/resume.integration.test.ts",
  "api/trpc/[trpc]": "server/trpc/access.integration.test.ts",
  "api/v1/[...path]": "this file",
};

const routes = restRoutes.map(({ method, path }) => `${method} ${path}`).sort();

async function call(
  route: string,
  tenant: Tenant,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; body: { error?: { code: string; requestId?: string } } }> {
  const [method = "", pattern = ""] = route.split(" ");
  const { id, executionId, body } = ACCESS[route] ?? {};
  const place = pattern.replace(/:(id|toolId|provider)\b/, id?.(tenant) ?? "").replace(":executionId", executionId?.(tenant) ?? "");
  const named = place.replace(":deliveryId", tenant.deliveryId).replace(":key", encodeURIComponent("fields#0"));
  const url = `http://localhost:3000/api/v1${named}`;
  const hasBody = method === "POST" || method === "PUT";
  const response = await handleRest(
    new Request(url, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(hasBody && { body: JSON.stringify((typeof body === "function" ? body(tenant) : body) ?? {}) }),
    }),
  );
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

let home: Tenant;
let other: Tenant;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  setEngine(recordingEngine());
  [home, other] = await Promise.all([createTenant(), createTenant()]);
});

test("every route has an entry in the table of roles, and the table has no other", () => {
  expect(Object.keys(ACCESS).sort()).toEqual(routes);
});

test("every entrance of the server is known", () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("route.ts"));
  const found = files.map((file) => path.posix.dirname(file.replaceAll(path.sep, "/")));
  expect(found.sort()).toEqual(Object.keys(OTHER_ENTRANCES).sort());
});

describe.each(routes)("%s", (route) => {
  const { role, id, executionId, refused } = ACCESS[route] ?? { role: "owner" as const };
  const writes = !route.startsWith("GET ");

  test("without a key, with one that is none, and with the head of one", async () => {
    const { apiKey } = home.members.owner;
    const attempts: Record<string, string>[] = [
      {},
      bearer("tol_none"),
      bearer(apiKey.slice(0, -1)),
      bearer(`${apiKey}x`),
      { authorization: apiKey },
    ];
    for (const headers of attempts) {
      const { status, body } = await call(route, home, headers);
      expect([status, body.error?.code]).toEqual([401, "unauthenticated"]);
    }
  });

  test.each(ROLES)("with a key or a session of an %s", async (actual) => {
    for (const pick of [({ apiKey }: Tenant["members"][Role]) => bearer(apiKey), ({ cookie }: Tenant["members"][Role]) => ({ cookie })]) {
      // Who may write gets an organization to write to; who may not must not change anything anyway.
      const tenant = writes && hasRole(actual, role) ? await createTenant() : home;
      const { status, text } = await call(route, tenant, pick(tenant.members[actual]));
      if (hasRole(actual, role) && refused !== undefined) expect(status, text).toBe(refused);
      else if (hasRole(actual, role)) expect(status, text).toBeLessThan(300);
      else expect(status).toBe(403);
    }
  });

  test.runIf(id ?? executionId)("with another organization's id answers as with one that does not exist", async () => {
    const headers = bearer(other.members.owner.apiKey);
    const foreign = await call(route, home, headers);
    const missing = await call(route, nowhere(home), headers);
    expect(foreign.status).toBe(404);
    for (const each of [foreign, missing]) delete each.body.error?.requestId;
    expect(foreign.body).toEqual(missing.body);
  });

  test.runIf(writes)("with a session, sent by another site's page", async () => {
    for (const origin of ["https://evil.example", "null"]) {
      const { status } = await call(route, home, { cookie: home.members.owner.cookie, origin });
      expect(status).toBe(403);
    }
  });
});

test("a revoked key ends at once", async () => {
  const tenant = await createTenant();
  const { apiKey } = tenant.members.editor;
  const { db } = await import("@/server/db");
  expect((await call("GET /flows", tenant, bearer(apiKey))).status).toBe(200);
  await db().apiKey.updateMany({ where: { organizationId: tenant.organizationId }, data: { revokedAt: new Date() } });
  expect((await call("GET /flows", tenant, bearer(apiKey))).status).toBe(401);
});

test("a removed member's session and a lowered role count from the next request on", async () => {
  const tenant = await createTenant();
  const { cookie, userId } = tenant.members.editor;
  const { db } = await import("@/server/db");
  expect((await call("POST /flows", tenant, { cookie })).status).toBe(201);
  await db().member.updateMany({ where: { userId }, data: { role: "viewer" } });
  expect((await call("POST /flows", tenant, { cookie })).status).toBe(403);
  await db().member.deleteMany({ where: { userId } });
  expect((await call("GET /flows", tenant, { cookie })).status).toBe(401);
});
