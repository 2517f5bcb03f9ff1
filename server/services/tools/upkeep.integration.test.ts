import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { createFlow, createMember } from "@/server/testing/factories";
import { endedExecutions, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { createCredential } from "../credentials/create";
import { startExecution } from "../executions/start";
import { publishFlow } from "../flows/publish";
import { setCodeHosts } from "../organizations/code-hosts";
import { deleteTool } from "./delete";
import { importTool } from "./import";
import { toolUsage } from "./usage";

withTestDatabase();

let service: Server;
let origin = "";
const seen: { url: string | undefined; authorization: string | undefined }[] = [];
beforeAll(async () => {
  service = createServer((request, response) => {
    seen.push({ url: request.url, authorization: request.headers.authorization });
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  process.env.HTTP_ALLOWLIST = `127.0.0.1:${port}`;
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
const engine = withRunningEngine();
afterAll(() => void service.close());

let ctx: ServiceContext;
beforeEach(async () => {
  seen.splice(0);
  ctx = (await createMember({ role: "admin" })).context;
});

/** An OpenAPI document with these operations: path by id, and the names of their required query parameters. */
const document = (operations: Record<string, { path: string; required?: string[]; summary?: string }>, server = origin): string =>
  JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Shop", version: "1" },
    servers: [{ url: server }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    security: [{ key: [] }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([operationId, { path, required = [], summary = operationId }]) => [
        path,
        {
          get: {
            operationId,
            summary,
            parameters: required.map((name) => ({ name, in: "query", required: true, schema: { type: "string" } })),
            responses: { 200: { description: "ok" } },
          },
        },
      ]),
    ),
  });

const first = () => document({ listOrders: { path: "/orders" }, findOrder: { path: "/find", required: ["q"] }, oldOne: { path: "/old" } });

async function shop(): Promise<{ id: string; key: string; actions: Record<string, string> }> {
  const { tool } = await importTool({ ctx, input: { content: first() } });
  if (!tool) throw new Error("The tool was not made");
  const rows = await db().action.findMany({ where: { toolId: tool.id } });
  return { id: tool.id, key: tool.key, actions: Object.fromEntries(rows.map(({ endpoint, key }) => [endpoint, key])) };
}

const calling = (tool: string, action: string, inputs: JsonObject = {}, more: JsonObject = {}) =>
  lineOf({ Start: { type: "manual-trigger" }, Call: { type: "action", parameters: { tool, action, inputs, effect: "read", ...more } } });

describe("who uses a tool", () => {
  it("is told of triggers that watch what it lists, and these are refused without the inputs that they need", async () => {
    const { id, key, actions } = await shop();
    const watching = (action: string, inputs: JsonObject = {}) =>
      lineOf({ Watch: { type: "action-trigger", parameters: { tool: key, action, inputs } } });
    const { organizationId } = ctx.actor;
    const flow = await createFlow({ organizationId, name: "Watching", graph: watching(actions["/find"] ?? "") });
    expect((await toolUsage({ ctx, input: { id } })).map(({ name, nodes }) => [name, nodes])).toEqual([["Watching", ["Watch"]]]);
    await expect(publishFlow({ ctx, input: { id: flow.id } })).rejects.toThrow(/field "inputs\.q": .* is required by the action/);
  });

  it("is told by drafts and by what is published, for the own organization alone", async () => {
    const { id, key, actions } = await shop();
    const { organizationId } = ctx.actor;
    const draft = await createFlow({ organizationId, name: "Draft", graph: calling(key, actions["/orders"] ?? "") });
    const live = await createFlow({ organizationId, name: "Live", graph: calling(key, actions["/old"] ?? "") });
    await createFlow({ organizationId, name: "Another tool", graph: calling("other", "listOrders") });
    const stranger = await createMember({ role: "owner" });
    await createFlow({ organizationId: stranger.member.organizationId, graph: calling(key, actions["/orders"] ?? "") });
    await publishFlow({ ctx, input: { id: live.id } });
    await db().flow.update({ where: { id: live.id }, data: { draft: lineOf({ Start: { type: "manual-trigger" } }) } });

    const users = await toolUsage({ ctx, input: { id } });
    expect(users.map(({ name, published, nodes }) => ({ name, published, nodes }))).toEqual([
      { name: "Live", published: true, nodes: ["Call"] },
      { name: "Draft", published: false, nodes: ["Call"] },
    ]);
    const action = await db().action.findFirstOrThrow({ where: { toolId: id, key: actions["/orders"] ?? "" } });
    expect((await toolUsage({ ctx, input: { id, actionId: action.id } })).map(({ flowId }) => flowId)).toEqual([draft.id]);
    await expect(toolUsage({ ctx: stranger.context, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("importing a document again", () => {
  const second = () =>
    document({
      listOrders: { path: "/orders" },
      findOrder: { path: "/find", required: ["q", "country"] },
      newOne: { path: "/new" },
    });

  it("shows what is new, changed and gone before anything is changed, and keeps ids", async () => {
    const { id, key, actions } = await shop();
    await createFlow({ organizationId: ctx.actor.organizationId, name: "Uses old", graph: calling(key, actions["/old"] ?? "") });
    const before = await db().action.findMany({ where: { toolId: id }, orderBy: { key: "asc" } });
    const looked = await importTool({ ctx, input: { content: second(), toolId: id, preview: true } });
    expect(looked.changes).toMatchObject({
      added: [expect.stringMatching(/new/)],
      changed: [actions["/find"]],
      unchanged: 1,
      removed: [{ key: actions["/old"], flows: ["Uses old"] }],
    });
    expect(await db().action.findMany({ where: { toolId: id }, orderBy: { key: "asc" } })).toEqual(before);

    const { tool, changes } = await importTool({ ctx, input: { content: second(), toolId: id } });
    expect(tool).toMatchObject({ id, key, actionCount: 4 });
    expect(changes).toEqual(looked.changes);
    const found = await db().action.findFirstOrThrow({ where: { toolId: id, key: actions["/find"] ?? "" } });
    expect(found).toMatchObject({ id: before.find((row) => row.key === found.key)?.id, version: 2 });
    const once = await importTool({ ctx, input: { content: second(), toolId: id } });
    expect(once.changes).toMatchObject({ added: [], changed: [], unchanged: 3 });
  });

  it("deletes what the document does not have when it is told to, and keeps the tool's own address", async () => {
    const { id, actions } = await shop();
    const content = document({ listOrders: { path: "/orders" } }, "https://elsewhere.example");
    const { tool, changes } = await importTool({ ctx, input: { content, toolId: id, removeMissing: true } });
    expect(tool).toMatchObject({ actionCount: 1, baseUrl: origin });
    expect(changes?.documentBaseUrl).toBe("https://elsewhere.example");
    expect((await db().action.findMany({ where: { toolId: id } })).map(({ key }) => key)).toEqual([actions["/orders"]]);
  });

  it("is refused for another organization's tool and for viewers", async () => {
    const { id } = await shop();
    const stranger = await createMember({ role: "owner" });
    await expect(importTool({ ctx: stranger.context, input: { content: first(), toolId: id } })).rejects.toMatchObject({
      code: "not_found",
    });
    const viewer: ServiceContext = { ...ctx, actor: { ...ctx.actor, role: "viewer" } as ServiceContext["actor"] };
    await expect(importTool({ ctx: viewer, input: { content: first(), toolId: id } })).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("publishing a flow that calls actions", () => {
  const publish = async (graph: ReturnType<typeof calling>) => {
    const flow = await createFlow({ organizationId: ctx.actor.organizationId, graph });
    return publishFlow({ ctx, input: { id: flow.id } });
  };

  it("is refused while an input is missing that the action asks for", async () => {
    const { key, actions } = await shop();
    const find = actions["/find"] ?? "";
    await expect(publish(calling(key, find))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/^Node "Call", field "inputs\.q": .* is required by the action/),
    });
    await expect(publish(calling(key, find, { q: "" }))).rejects.toMatchObject({ code: "invalid" });
    expect((await publish(calling(key, find, { q: "={{ $json.q }}" }))).version).toBe(1);
  });

  it("is refused while there is no such action", async () => {
    const { id, key, actions } = await shop();
    await expect(publish(calling(key, "nothing"))).rejects.toThrow(/field "action": there is no action "nothing"/);
    await deleteTool({ ctx, input: { id } });
    await expect(publish(calling(key, actions["/orders"] ?? ""))).rejects.toThrow(/there is no action/);
  });
});

describe("in a running engine", () => {
  it("an Action node calls the organization's tool with its credential, whose secret is seen nowhere", async () => {
    const { key, actions } = await shop();
    const secret = "tok-of-a-running-engine-1234567890";
    const credential = await createCredential({
      ctx,
      input: { name: "Shop", type: "bearer", toolKey: key, fields: { token: secret } },
    });
    const line = calling(key, actions["/find"] ?? "", { q: "={{ $json.q }}" }, { auth: "bearer" });
    const graph = {
      ...line,
      nodes: line.nodes.map((node) => (node.id === "Call" ? { ...node, credentials: { tool: { id: credential.id } } } : node)),
    };
    const flow = await createFlow({ organizationId: ctx.actor.organizationId, graph });
    const { executionId } = await startExecution({ ctx, input: { flowId: flow.id, items: [{ json: { q: "ä b" } }] } });
    const outcome = await engine.outcome(executionId);
    expect(outcome).toMatchObject({ status: "succeeded" });
    expect(seen).toEqual([{ url: "/find?q=%C3%A4%20b", authorization: `Bearer ${secret}` }]);
    const steps = await db().executionStep.findMany({ where: { executionId } });
    expect(JSON.stringify(steps, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(secret);
  });

  it("a Code node reaches the hosts that its organization allows, from then on", async () => {
    const code = `try { return { ok: (await this.helpers.httpRequest({ url: '${origin}/from-code' })).ok } } catch (error) { return { error: error.message } }`;
    const graph = lineOf({ Start: { type: "manual-trigger" }, Ask: { type: "code", parameters: { code } } });
    const flow = await createFlow({ organizationId: ctx.actor.organizationId, graph });
    const run = async () => {
      const { executionId } = await startExecution({ ctx, input: { flowId: flow.id } });
      const outcome = await engine.outcome(executionId);
      return JSON.stringify(outcome);
    };
    expect(await run()).toContain("Code may call no hosts in this organization");
    expect(seen).toEqual([]);
    await setCodeHosts({ ctx, input: { hosts: [origin] } });
    expect(await run()).toContain('"ok":true');
    expect(seen.map(({ url }) => url)).toEqual(["/from-code"]);
    await endedExecutions(flow.id, 2);
  });
});
