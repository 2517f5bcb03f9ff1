import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/server/db";
import { handleRest } from "@/server/rest/handler";
import { createTenant, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createCredential } from "../credentials/create";
import { createTool } from "../tools/create";
import { importTool } from "../tools/import";
import { updateTool } from "../tools/update";
import { createWebhook } from "../webhooks/create";
import { createAction } from "./create";
import { executeAction } from "./execute";
import { actionsOf } from "./resolve";
import { updateAction } from "./update";

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

let tenant: Tenant;
let service: Server;
let origin: string;
const seen: Seen[] = [];

beforeAll(async () => {
  service = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      const status = request.url?.startsWith("/missing") ? 404 : 200;
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ authorization: request.headers.authorization ?? null, ok: status === 200 }));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  process.env.HTTP_ALLOWLIST = `127.0.0.1:${port}`;
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  tenant = await createTenant();
});
afterAll(() => void service.close());
beforeEach(() => void seen.splice(0));

const ctx = () => tenant.members.editor.ctx;
const shop = (more: object = {}) => createTool({ ctx: ctx(), input: { name: "Shop", baseUrl: origin, ...more } });
const ordering = async (more: object = {}, tool: object = {}) => {
  const { id: toolId } = await shop(tool);
  return createAction({
    ctx: ctx(),
    input: {
      toolId,
      name: "Create order",
      method: "POST",
      endpoint: "/orders/{shelf}",
      inputSchema: [
        { name: "shelf", type: "string", required: true },
        { name: "title", type: "string", required: true, validation: { min: 3 } },
        { name: "count", type: "number", required: false },
      ],
      ...more,
    },
  });
};

describe("an action", () => {
  test("is called by itself with its inputs, and its answer comes back", async () => {
    const action = await ordering();
    expect(action).toMatchObject({ key: "create-order", effect: "write", version: 1 });
    const answer = await executeAction({ ctx: ctx(), input: { id: action.id, inputs: { shelf: "a/b", title: "Tea", count: 2 } } });
    expect(answer).toMatchObject({
      success: true,
      status: 200,
      data: { ok: true },
      error: null,
      request: { method: "POST", url: `${origin}/orders/a%2Fb` },
    });
    expect(seen).toMatchObject([{ method: "POST", url: "/orders/a%2Fb", body: '{"title":"Tea","count":2}' }]);
    const [entry] = await db().auditLog.findMany({ where: { target: `action:${action.id}`, action: "action.execute" } });
    expect(entry?.data).toEqual({ name: "Create order", status: 200 });
  });

  test("tells of a failing status as of any other answer", async () => {
    const action = await ordering({ endpoint: "/missing/{shelf}" });
    const answer = await executeAction({ ctx: ctx(), input: { id: action.id, inputs: { shelf: "a", title: "Tea" } } });
    expect(answer).toMatchObject({ success: false, status: 404, data: { ok: false } });
  });

  test("refuses wrong inputs in the documented shape, before anything is sent", async () => {
    const action = await ordering();
    const response = await handleRest(
      new Request(`http://localhost:3000/api/v1/actions/${action.id}/execute`, {
        method: "POST",
        headers: { authorization: `Bearer ${tenant.members.editor.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ inputs: { shelf: "a", title: "T", count: "2" } }),
      }),
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      statusCode: 400,
      message: "Input validation failed",
      error: "Bad Request",
      errors: [
        { field: "title", message: "String must contain at least 3 character(s)", code: "too_small" },
        { field: "count", message: "Expected number, received string", code: "invalid_type" },
      ],
    });
    expect(seen).toEqual([]);
    const formed = await executeAction({
      ctx: ctx(),
      input: { id: action.id, fromForm: true, inputs: { shelf: "a", title: "Tea", count: "2" } },
    });
    expect(formed.success).toBe(true);
  });

  test("can't be called without a credential where its tool needs one", async () => {
    const action = await ordering({}, { auth: { type: "bearer" } });
    await expect(executeAction({ ctx: ctx(), input: { id: action.id, inputs: { shelf: "a", title: "Tea" } } })).rejects.toThrow(
      "Connect a credential for Shop first",
    );
    expect(seen).toEqual([]);
  });

  test("is called with the tool's credential, of which nothing comes back", async () => {
    const action = await ordering({ headers: { "X-Key": "k {{auth.access_token}}" } }, { auth: { type: "bearer" } });
    const token = "a-token-of-some-length";
    const input = { name: "Mine", type: "bearer" as const, fields: { token }, toolId: action.toolId };
    const { id: credentialId } = await createCredential({ ctx: tenant.members.owner.ctx, input });
    const inputs = { shelf: "a", title: "{{secrets.token}}" };
    const answer = await executeAction({ ctx: ctx(), input: { id: action.id, inputs, credentialId } });
    expect(seen).toMatchObject([
      { headers: { authorization: `Bearer ${token}`, "x-key": `k ${token}` }, body: '{"title":"{{secrets.token}}"}' },
    ]);
    expect(answer.success, JSON.stringify(answer.error)).toBe(true);
    expect(JSON.stringify(answer)).not.toContain(token);
    const other = await createTenant();
    await expect(executeAction({ ctx: other.members.owner.ctx, input: { id: action.id, inputs, credentialId } })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(executeAction({ ctx: ctx(), input: { id: action.id, inputs, credentialId: "cred_none" } })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("reaches no address that is not allowed", async () => {
    const action = await ordering({}, { baseUrl: "http://127.0.0.1:1" });
    const answer = await executeAction({ ctx: ctx(), input: { id: action.id, inputs: { shelf: "a", title: "Tea" } } });
    expect(answer).toMatchObject({ success: false, status: null });
    expect(answer.error?.message).toMatch(/not allowed|private|loopback|may not/i);
  });

  test("counts its changes, keeps its key, and says which template names nothing", async () => {
    const action = await ordering();
    const update = (more: object) => updateAction({ ctx: ctx(), input: { id: action.id, ...more } });
    expect(await update({ method: "GET", description: "Gets" })).toMatchObject({
      version: 2,
      effect: "read",
      key: "create-order",
      description: "Gets",
    });
    await expect(update({ key: "other" })).rejects.toMatchObject({ code: "invalid" });
    await expect(update({ headers: { "X-A": "{{inputs.titel}}" } })).rejects.toThrow(
      'headers.X-A: {{inputs.titel}}: the action has no input "titel"',
    );
    await expect(update({ endpoint: "https://evil.test/x" })).rejects.toThrow('"evil.test" is not a host of this tool');
    const again = { toolId: action.toolId, key: "create-order", name: "Again", endpoint: "/" };
    await expect(createAction({ ctx: ctx(), input: again })).rejects.toMatchObject({ code: "conflict" });
    expect((await createAction({ ctx: ctx(), input: { ...again, key: undefined, name: "Create order" } })).key).toBe("create-order-2");
  });

  test("is found by executions of its organization only, as it is now", async () => {
    const action = await ordering();
    const { toolKey } = action;
    expect(await actionsOf(tenant.organizationId)({ tool: toolKey, action: action.key })).toMatchObject({
      endpoint: "/orders/{shelf}",
      version: 1,
      tool: { key: toolKey, baseUrl: origin },
    });
    const other = await createTenant();
    await expect(actionsOf(other.organizationId)({ tool: toolKey, action: action.key })).rejects.toThrow(`There is no tool "${toolKey}"`);
    await expect(actionsOf(tenant.organizationId)({ tool: toolKey, action: "none" })).rejects.toThrow('has no action "none"');
  });
});

describe("a tool", () => {
  test("keeps its key and the hosts that its actions call", async () => {
    const tool = await shop({ allowedHosts: ["uploads.shop.test"] });
    await createAction({
      ctx: ctx(),
      input: { toolId: tool.id, name: "Upload", method: "POST", endpoint: "https://uploads.shop.test/files" },
    });
    await expect(updateTool({ ctx: ctx(), input: { id: tool.id, allowedHosts: [] } })).rejects.toThrow(
      'the action "Upload" calls "uploads.shop.test"',
    );
    await expect(updateTool({ ctx: ctx(), input: { id: tool.id, key: "x" } })).rejects.toThrow("its key stays");
    expect(await updateTool({ ctx: ctx(), input: { id: tool.id, name: "Store", auth: { type: "basic" } } })).toMatchObject({
      name: "Store",
      authType: "basic",
      actionCount: 1,
    });
  });

  test("is imported with its actions, or only looked at", async () => {
    const content = JSON.stringify({
      openapi: "3.1.0",
      info: { title: "Pets" },
      servers: [{ url: origin }],
      paths: {
        "/pets/{id}": {
          get: { operationId: "getPet", parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }] },
        },
      },
    });
    const looked = await importTool({ ctx: ctx(), input: { content, preview: true } });
    expect(looked).toMatchObject({ tool: null, name: "Pets", found: 1, imported: 1, actions: [{ key: "get-pet", inputs: 1 }] });
    const { tool } = await importTool({ ctx: ctx(), input: { content } });
    expect(tool).toMatchObject({ key: "pets", source: "openapi", actionCount: 1 });
    const action = await db().action.findFirstOrThrow({ where: { toolId: tool?.id ?? "" } });
    expect(await executeAction({ ctx: ctx(), input: { id: action.id, inputs: { id: "7" } } })).toMatchObject({ success: true });
    expect(seen).toMatchObject([{ method: "GET", url: "/pets/7" }]);
    expect((await importTool({ ctx: ctx(), input: { content } })).tool?.key).toBe("pets-2");
  });

  test("is not fetched from where nothing may be reached", async () => {
    await expect(importTool({ ctx: ctx(), input: { url: "http://169.254.169.254/latest/meta-data" } })).rejects.toThrow(
      "The document can't be fetched",
    );
  });
});

describe("webhooks", () => {
  const events = async (eventType: "action.executed" | "action.failed") => {
    const rows = await db().webhookDelivery.findMany({ where: { organizationId: tenant.organizationId, eventType } });
    return rows.map(({ payload }) => JSON.parse(payload) as { data: Record<string, unknown> });
  };

  test("are told of a call outside of flows and how it went, without what its credential supplied", async () => {
    const input = { name: "Ops", url: "http://127.0.0.1:1/", eventTypes: ["action.executed" as const, "action.failed" as const] };
    const { id } = await createWebhook({ ctx: tenant.members.admin.ctx, input });
    const { id: toolId, key: toolKey } = await shop({ auth: { type: "bearer" } });
    const credential = { name: "Key", type: "bearer" as const, fields: { token: "correct-horse-battery" }, toolId };
    await createCredential({ ctx: ctx(), input: credential });
    const made = await createAction({ ctx: ctx(), input: { toolId, name: "List", endpoint: "/orders" } });
    await executeAction({ ctx: ctx(), input: { id: made.id } });
    const [executed, ...more] = await events("action.executed");
    expect(more).toEqual([]);
    expect(executed?.data).toMatchObject({
      orgId: tenant.organizationId,
      actionId: made.id,
      actionKey: "list",
      toolKey,
      status: "completed",
      httpStatus: 200,
      output: { ok: true, authorization: "Bearer [redacted]" },
    });
    const missing = await createAction({ ctx: ctx(), input: { toolId, name: "Missing", endpoint: "/missing" } });
    await executeAction({ ctx: ctx(), input: { id: missing.id } });
    const [failed] = await events("action.failed");
    expect(failed?.data).toMatchObject({ status: "failed", httpStatus: 404, error: { message: expect.stringContaining("404") } });
    expect(JSON.stringify([executed, failed])).not.toContain("correct-horse");
    await db().webhook.delete({ where: { id } });
  });

  test("that cannot be written to keep no call from its answer", async () => {
    const made = await ordering();
    const spy = vi.spyOn(db().webhook, "findMany").mockRejectedValueOnce(new Error("gone"));
    const answer = await executeAction({ ctx: ctx(), input: { id: made.id, inputs: { shelf: "a", title: "abc" } } });
    expect(answer.success).toBe(true);
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
  });
});
