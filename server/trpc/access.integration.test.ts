import { beforeAll, describe, expect, test } from "vitest";
import type { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { hasRole } from "@/server/services/authorize";
import { expectNothingPlanted, plantedFields, rowsOf } from "@/server/testing/attacks/planted-fields";
import { twoStepGraph } from "@/server/testing/executions";
import { HOSTILE_TEXTS, HOSTILE_VALUES, OPTIONAL_FIELDS } from "@/server/testing/hostile-values";
import { recordingEngine } from "@/server/testing/recording-engine";
import { createTenant, nowhere, ROLES, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleTrpc } from "./handler";
import { appRouter } from "./router";
import { call, callAll, kindOf } from "./testing/calls";

/**
 * Every procedure, who may call it, and how. One that is missing here fails the first test: decide, then add it.
 * `input` names things of a tenant by id; a procedure that takes none has no `names`.
 */
interface Access {
  role: Role | "public";
  input?: (tenant: Tenant) => unknown;
  /** Its input names something that belongs to an organization. */
  names?: boolean;
  /** What those who may call it are told, where the call cannot come to a good end here. */
  told?: RegExp;
}

const graph = twoStepGraph();
const ACCESS: Record<string, Access> = {
  "session.me": { role: "viewer" },
  "account.register": {
    role: "public",
    input: () => ({ email: `new-${crypto.randomUUID()}@example.test`, password: "correct horse battery" }),
  },
  "account.providers": { role: "public" },
  "organizations.list": { role: "viewer" },
  "organizations.switch": { role: "viewer", input: ({ organizationId }) => ({ id: organizationId }), names: true },
  "organizations.rename": { role: "admin", input: () => ({ name: "Renamed" }) },
  "organizations.codeHosts": { role: "viewer" },
  "organizations.setCodeHosts": { role: "admin", input: () => ({ hosts: ["api.example.com"] }) },
  "organizations.concurrency": { role: "viewer" },
  "organizations.setConcurrency": { role: "admin", input: () => ({ maxConcurrent: 7 }) },
  "organizations.retention": { role: "viewer" },
  "organizations.setRetention": { role: "admin", input: () => ({ succeededDays: 7 }) },
  "organizations.create": { role: "viewer", input: () => ({ name: "Second" }) },
  "invitations.list": { role: "admin" },
  "invitations.create": { role: "admin", input: () => ({ role: "editor", email: `new-${crypto.randomUUID()}@example.test` }) },
  "invitations.revoke": { role: "admin", input: ({ invitationId }) => ({ id: invitationId }), names: true },
  "invitations.preview": { role: "public", input: () => ({ code: "none that was given" }) },
  "invitations.accept": { role: "viewer", input: () => ({ code: "none that was given" }), told: /^NOT_FOUND Invitation/ },
  "members.list": { role: "viewer" },
  "members.setRole": { role: "admin", input: ({ bystander }) => ({ userId: bystander, role: "editor" }), names: true },
  "members.remove": { role: "admin", input: ({ bystander }) => ({ userId: bystander }), names: true },
  "apiKeys.list": { role: "admin" },
  "apiKeys.create": { role: "admin", input: () => ({ name: "Key" }) },
  "apiKeys.revoke": { role: "admin", input: ({ apiKeyId }) => ({ id: apiKeyId }), names: true },
  "audit.list": { role: "admin", input: () => ({}) },
  "flows.list": { role: "viewer", input: () => ({}) },
  "flows.get": { role: "viewer", input: ({ flowId }) => ({ id: flowId }), names: true },
  "flows.create": { role: "editor", input: () => ({ name: "New", graph }) },
  "flows.import": { role: "editor", input: () => ({ content: { name: "Imported", graph } }) },
  "flows.duplicate": { role: "editor", input: ({ flowId }) => ({ id: flowId }), names: true },
  "flows.rename": { role: "editor", input: ({ flowId }) => ({ id: flowId, name: "Renamed" }), names: true },
  "flows.saveDraft": { role: "editor", input: ({ flowId }) => ({ id: flowId, graph, revision: 1 }), names: true },
  "flows.validate": { role: "viewer", input: () => ({ graph }) },
  "flows.publish": { role: "editor", input: ({ flowId }) => ({ id: flowId }), names: true },
  "flows.setActive": { role: "editor", input: ({ flowId }) => ({ id: flowId, active: false }), names: true },
  "flows.delete": { role: "editor", input: ({ flowId }) => ({ id: flowId }), names: true },
  "flows.restore": { role: "editor", input: ({ deletedFlowId }) => ({ id: deletedFlowId }), names: true },
  "flows.versions": { role: "viewer", input: ({ flowId }) => ({ id: flowId }), names: true },
  "flows.version": { role: "viewer", input: ({ flowId }) => ({ flowId, version: 1 }), names: true },
  "credentials.list": { role: "viewer", input: () => ({}) },
  "credentials.get": { role: "viewer", input: ({ credentialId }) => ({ id: credentialId }), names: true },
  "credentials.create": {
    role: "editor",
    input: ({ toolId }) => ({ name: "Key", type: "bearer", fields: { token: "correct horse" }, toolId }),
    names: true,
  },
  "credentials.update": { role: "admin", input: ({ credentialId }) => ({ id: credentialId, name: "Renamed" }), names: true },
  "credentials.rotate": {
    role: "admin",
    input: ({ credentialId }) => ({ id: credentialId, fields: { api_key: "correct horse battery" } }),
    names: true,
  },
  "credentials.share": { role: "admin", input: ({ credentialId }) => ({ id: credentialId, minRole: "admin" }), names: true },
  "credentials.test": { role: "editor", input: ({ credentialId }) => ({ id: credentialId }), names: true },
  "credentials.unmask": {
    role: "admin",
    input: ({ credentialId }) => ({ id: credentialId, password: "none of these has one" }),
    names: true,
    told: /^FORBIDDEN Your account has no password/,
  },
  "credentials.delete": { role: "admin", input: ({ credentialId }) => ({ id: credentialId }), names: true },
  "oauth.providers": { role: "viewer" },
  "oauth.config": { role: "admin", input: ({ toolId }) => ({ toolId }), names: true },
  "oauth.setConfig": {
    role: "admin",
    input: ({ toolId }) => ({ toolId, config: { clientId: "client" } }),
    names: true,
    told: /^UNPROCESSABLE_CONTENT config.endpoints/,
  },
  "oauth.deleteConfig": { role: "admin", input: ({ toolId }) => ({ toolId }), names: true },
  "oauth.begin": { role: "editor", input: ({ toolId }) => ({ provider: toolId }), names: true },
  "oauth.complete": { role: "editor", input: () => ({ state: "none that was given", code: "x" }), told: /^CONFLICT This connection/ },
  "oauth.disconnect": {
    role: "admin",
    input: ({ credentialId }) => ({ id: credentialId }),
    names: true,
    told: /^CONFLICT "Key of the tool" is no OAuth credential/,
  },
  "tools.list": { role: "viewer", input: () => ({}) },
  "tools.get": { role: "viewer", input: ({ toolId }) => ({ id: toolId }), names: true },
  "tools.catalog": { role: "viewer" },
  "tools.ready": { role: "viewer", input: () => ({ key: "github" }) },
  "tools.usage": { role: "viewer", input: ({ toolId }) => ({ id: toolId }), names: true },
  "tools.create": { role: "editor", input: () => ({ name: "Shop", baseUrl: "https://shop.test" }) },
  "tools.import": { role: "editor", input: () => ({ content: "curl https://api.shop.test/orders" }) },
  "tools.update": { role: "editor", input: ({ toolId }) => ({ id: toolId, name: "Renamed" }), names: true },
  "tools.delete": { role: "editor", input: ({ toolId }) => ({ id: toolId }), names: true },
  "actions.list": { role: "viewer", input: ({ toolId }) => ({ toolId }), names: true },
  "actions.get": { role: "viewer", input: ({ actionId }) => ({ id: actionId }), names: true },
  "actions.search": { role: "viewer", input: () => ({ search: "action" }) },
  "actions.describe": { role: "viewer", input: ({ toolKey }) => ({ tool: toolKey, action: "action" }), names: true },
  "actions.create": { role: "editor", input: ({ toolId }) => ({ toolId, name: "New", endpoint: "/" }), names: true },
  "actions.update": { role: "editor", input: ({ actionId }) => ({ id: actionId, name: "Renamed" }), names: true },
  "actions.delete": { role: "editor", input: ({ actionId }) => ({ id: actionId }), names: true },
  "actions.execute": { role: "editor", input: ({ actionId }) => ({ id: actionId }), names: true },
  "triggers.get": { role: "viewer", input: ({ triggerId }) => ({ id: triggerId }), names: true },
  "triggers.pollNow": {
    role: "editor",
    input: ({ triggerId }) => ({ id: triggerId }),
    names: true,
    told: /^CONFLICT This trigger does not poll/,
  },
  "triggers.setSecret": { role: "editor", input: ({ triggerId }) => ({ id: triggerId, secret: "correct horse" }), names: true },
  "storage.list": { role: "viewer", input: ({ flowId }) => ({ flowId }), names: true },
  "storage.set": { role: "editor", input: ({ flowId }) => ({ flowId, key: "k", value: 1 }), names: true },
  "storage.delete": { role: "editor", input: ({ flowId }) => ({ flowId, key: "none" }), names: true, told: /^NOT_FOUND Value/ },
  "arrivals.list": { role: "viewer", input: () => ({}) },
  "arrivals.get": { role: "viewer", input: ({ arrivalId }) => ({ id: arrivalId }), names: true },
  "arrivals.replay": { role: "editor", input: ({ arrivalId }) => ({ id: arrivalId }), names: true },
  "arrivals.discard": { role: "editor", input: ({ arrivalId }) => ({ id: arrivalId }), names: true },
  "executions.start": { role: "editor", input: ({ flowId }) => ({ flowId }), names: true },
  "executions.testStep": { role: "editor", input: ({ flowId }) => ({ flowId, nodeId: "fields" }), names: true },
  "executions.list": { role: "viewer", input: () => ({}) },
  "executions.snapshot": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.customData": { role: "viewer", input: ({ executionId }) => ({ id: executionId }) },
  "executions.links": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "webhooks.list": { role: "admin", input: () => ({}) },
  "webhooks.get": { role: "admin", input: ({ webhookId }) => ({ id: webhookId }), names: true },
  "webhooks.eventTypes": { role: "viewer" },
  "webhooks.deliveries": { role: "admin", input: ({ webhookId }) => ({ id: webhookId }), names: true },
  "webhooks.delivery": { role: "admin", input: ({ webhookId, deliveryId }) => ({ id: webhookId, deliveryId }), names: true },
  "webhooks.resend": { role: "admin", input: ({ webhookId, deliveryId }) => ({ id: webhookId, deliveryId }), names: true },
  "webhooks.create": {
    role: "admin",
    input: () => ({ name: "New", url: "https://example.test/hook", eventTypes: ["flow.completed"], secret: "correct horse battery" }),
  },
  "webhooks.update": { role: "admin", input: ({ webhookId }) => ({ id: webhookId, name: "Renamed" }), names: true },
  "webhooks.toggle": { role: "admin", input: ({ webhookId }) => ({ id: webhookId }), names: true },
  "webhooks.test": { role: "admin", input: ({ webhookId }) => ({ id: webhookId }), names: true },
  "webhooks.delete": { role: "admin", input: ({ webhookId }) => ({ id: webhookId }), names: true },
  "events.publish": { role: "editor", input: () => ({ name: "order.created", data: { id: 1 } }) },
  "executions.after": { role: "viewer", input: ({ executionId }) => ({ id: executionId, seq: 0 }), names: true },
  "executions.graph": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.step": { role: "viewer", input: ({ executionId }) => ({ id: executionId, key: "fields#0" }), names: true },
  "executions.logs": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.metrics": { role: "viewer", input: ({ flowId }) => ({ flowId }), names: true },
  "executions.statistics": { role: "viewer", input: () => ({}) },
  "executions.pause": { role: "editor", input: ({ runningId }) => ({ id: runningId }), names: true },
  "executions.continue": { role: "editor", input: ({ runningId }) => ({ id: runningId }), names: true },
  "executions.cancel": { role: "editor", input: ({ runningId }) => ({ id: runningId }), names: true },
  "executions.retry": { role: "editor", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.resume": { role: "editor", input: ({ waitingId }) => ({ id: waitingId, key: "fields#0", approved: true }), names: true },
  "executions.decisions": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.decide": { role: "editor", input: ({ waitingId }) => ({ id: waitingId, key: "start#0", decision: "again" }), names: true },
  "executions.resumptionPlan": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.resumeFrom": { role: "editor", input: ({ executionId }) => ({ id: executionId }), names: true },
  "executions.sameError": { role: "viewer", input: ({ failedId }) => ({ id: failedId }), names: true },
  "executions.resumeSameError": { role: "editor", input: ({ failedId }) => ({ id: failedId }), names: true },
  "executions.live": { role: "viewer", input: ({ executionId }) => ({ id: executionId }), names: true },
  "live.token": { role: "viewer", input: ({ executionId }) => ({ executionId }), names: true },
};

const procedures = Object.keys(appRouter._def.procedures).sort();

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

let home: Tenant;
let other: Tenant;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  setEngine(recordingEngine());
  [home, other] = await Promise.all([createTenant(), createTenant()]);
});

test("every procedure has an entry in the table of roles, and the table has no other", () => {
  expect(Object.keys(ACCESS).sort()).toEqual(procedures);
});

describe.each(procedures)("%s", (path) => {
  const { role, input, names, told } = ACCESS[path] ?? { role: "owner" as const };

  test("without a session", async () => {
    const { code } = await call(path, input?.(home), null);
    expect(code).toBe(role === "public" ? "OK" : "UNAUTHORIZED");
  });

  // Several hundred calls.
  test("with a hostile value in any field answers, and never with a fault of ours", { timeout: 120_000 }, async () => {
    const tenant = kindOf(path) === "mutation" ? await createTenant() : home;
    const { cookie } = tenant.members.owner;
    const given = (input?.(tenant) ?? {}) as Record<string, unknown>;
    const faults: unknown[] = [];
    for (const field of new Set([...Object.keys(given), ...(role === "public" ? ["name"] : OPTIONAL_FIELDS)])) {
      const values = field in given ? HOSTILE_VALUES : HOSTILE_TEXTS;
      const answers = await callAll(
        path,
        values.map((value) => ({ ...given, [field]: value })),
        cookie,
      );
      faults.push(
        ...answers.flatMap((answer, index) =>
          answer.code === "INTERNAL_SERVER_ERROR" ? [{ field, value: values[index], ...answer }] : [],
        ),
      );
    }
    expect(faults).toEqual([]);
  });

  if (role === "public") return;

  test.each(ROLES)("as %s", async (actual) => {
    // Who may write gets an organization to write to; who may not must not change anything anyway.
    const tenant = kindOf(path) === "mutation" && hasRole(actual, role) ? await createTenant() : home;
    const { code, message } = await call(path, input?.(tenant), tenant.members[actual].cookie);
    expect(`${code} ${message}`).toMatch(hasRole(actual, role) ? (told ?? /^OK $/) : /^FORBIDDEN /);
  });

  test.runIf(names)("with another organization's ids answers as with none that exist", async () => {
    const foreign = await call(path, input?.(home), other.members.owner.cookie);
    const missing = await call(path, input?.(nowhere(home)), other.members.owner.cookie);
    expect(foreign.code).toBe("NOT_FOUND");
    expect(foreign).toEqual(missing);
  });

  test.runIf(names)("with a forged session, or none that counts", async () => {
    const { cookie } = home.members.owner;
    const forged = cookie.replace(/session=.{40}/, (start) => `session=${"A".repeat(start.length - "session=".length)}`);
    expect((await call(path, input?.(home), forged)).code).toBe("UNAUTHORIZED");
  });
});

test("what is not a caller's to say is taken from no call: whose it is, its id, a role, a date", { timeout: 120_000 }, async () => {
  const victim = await createTenant();
  const before = await rowsOf(victim.organizationId);
  const writes = procedures.filter((path) => kindOf(path) === "mutation" && ACCESS[path]?.role !== "public");
  for (const path of writes) {
    const { role = "owner", input } = ACCESS[path] ?? {};
    const tenant = await createTenant();
    const { cookie, userId } = tenant.members[role === "public" ? "owner" : role];
    const given = input?.(tenant) as object | undefined;
    const { code } = await call(path, { ...plantedFields(victim), ...given }, cookie);
    expect(code, path).not.toBe("INTERNAL_SERVER_ERROR");
    const owners = await db().member.findMany({ where: { organizationId: tenant.organizationId, role: "owner" } });
    expect(
      owners.map((owner) => owner.userId),
      `${path} by ${userId}`,
    ).toEqual([tenant.members.owner.userId]);
    expect(await db().apiKey.count({ where: { organizationId: tenant.organizationId, role: "owner", prefix: { not: "" } } })).toBe(1);
  }
  await expectNothingPlanted();
  expect(await rowsOf(victim.organizationId)).toEqual(before);
});

describe("what is no call", () => {
  const bodies = ["", "{", "[]", "null", "1", '"a"', "\uFFFD", "[".repeat(100_000), '{"__proto__":{"a":1}}', '{"0":{"id":{}}}', '{"0":'];
  const types = [
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
  ];
  const paths = [
    "account.register",
    "flows.create",
    "account.register?batch=1",
    "flows.create,flows.get?batch=1",
    "__proto__",
    "constructor.name",
  ];

  test.each(paths)("%s with any body and content type answers below 500", async (path) => {
    const { cookie } = home.members.owner;
    for (const type of [...types, "application/octet-stream", "application/x-www-form-urlencoded", ""]) {
      for (const body of bodies) {
        const headers = { cookie, ...(type && { "content-type": type }) };
        const response = await handleTrpc(new Request(`http://localhost:3000/api/trpc/${path}`, { method: "POST", headers, body }));
        const text = await response.text();
        expect(
          response.status < 500 && !text.includes("INTERNAL_SERVER_ERROR"),
          `${type} ${body.slice(0, 40)}: ${text.slice(0, 300)}`,
        ).toBe(true);
      }
    }
  });

  test.each(["%7B", "%FF", "null", "[]", "1", "%22a%22", "{}&batch=1", "[]&batch=1"])("a query of %s answers below 500", async (query) => {
    for (const path of ["flows.list", "flows.get", "executions.live", "flows.list,flows.get"]) {
      const url = `http://localhost:3000/api/trpc/${path}?input=${query}`;
      const response = await handleTrpc(new Request(url, { headers: { cookie: home.members.owner.cookie } }));
      expect(response.status, await response.text()).toBeLessThan(500);
    }
  });
});

test("whoever is not signed in cannot make the server read large bodies, and is told to sign in", async () => {
  const send = async (cookie: string | null) => {
    const headers = { "content-type": "application/json", ...(cookie && { cookie }) };
    const body = JSON.stringify({ id: "flow-nowhere", name: "x".repeat(100_000) });
    const request = new Request("http://localhost:3000/api/trpc/flows.rename", { method: "POST", headers, body });
    return handleTrpc(request);
  };
  for (const cookie of [null, "tolstoy.session=forged"]) expect((await send(cookie)).status).toBe(401);
  expect((await send(home.members.owner.cookie)).status).toBe(422);
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: endless, duplex: "half" } as RequestInit;
  expect((await handleTrpc(new Request("http://localhost:3000/api/trpc/account.register", init))).status).toBe(422);
});
