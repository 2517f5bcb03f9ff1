import { beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { createCredential } from "@/server/services/credentials/create";
import { testStep } from "@/server/services/executions/test-step";
import { createFlow } from "@/server/services/flows/create";
import { importTool } from "@/server/services/tools/import";
import { createMember } from "@/server/testing/factories";
import { withOutsideServer } from "@/server/testing/outside-server";
import { endedExecutions, eventually, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { pollDue, startPolling } from "./loop";

withTestDatabase();

let ctx: ServiceContext;
let titles: string[] = ["First"];
let asked = 0;
let orders: number[] = [];
const authorizations: (string | undefined)[] = [];
const service = withOutsideServer((request, response) => {
  if (request.url?.startsWith("/orders")) {
    authorizations.push(request.headers.authorization);
    const answer = { orders: orders.map((id) => ({ id, said: request.headers.authorization })) };
    return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }
  asked++;
  const entries = titles.map((title) => `<item><title>${title}</title><guid>${title}</guid></item>`).join("");
  response.writeHead(200, { "content-type": "application/rss+xml" }).end(`<rss version="2.0"><channel>${entries}</channel></rss>`);
});
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "admin" }));
});
const engine = withRunningEngine();

const feedFlow = () =>
  lineOf({
    Feed: { type: "rss-trigger", parameters: { url: `${service.url}feed`, rules: [{ every: "cron", cron: "* * * * * *" }] } },
    Title: { type: "set", parameters: { fields: [{ name: "seen", value: "={{ $json.title }}" }] } },
  });

test("a feed starts its flow with what is new, once, across a restart; a test shows the newest and moves nothing", async () => {
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph: feedFlow(), publish: true } });
  const triggerId = triggers[0]?.id ?? "";
  let stop = startPolling();
  const hasPolled = (times: number) =>
    eventually(
      async () => asked,
      (count) => count >= times,
    );
  await eventually(
    () => db().pollState.findUniqueOrThrow({ where: { triggerId } }),
    ({ cursor }) => cursor !== null,
  );
  titles = ["Third", "Second", "First"];
  const [execution] = await endedExecutions(flowId, 1);
  expect(execution).toMatchObject({ mode: "poll", status: "succeeded", triggerNodeId: "Feed" });
  await stop();
  await engine.restart();
  titles = ["Fourth", ...titles];
  const test = await testStep({ ctx, input: { flowId, nodeId: "Feed" } });
  expect(await engine.outcome(test.executionId)).toMatchObject({ status: "succeeded", lastItems: [{ json: { title: "Fourth" } }] });
  stop = startPolling();
  await eventually(
    () => db().execution.findMany({ where: { flowId, mode: "poll", status: "succeeded" } }),
    (rows) => rows.length === 2,
  );
  await hasPolled(asked + 2);
  await stop();
  const inputs = await db().execution.findMany({ where: { flowId, mode: "poll" }, orderBy: { createdAt: "asc" }, select: { input: true } });
  expect(inputs.map(({ input }) => (JSON.parse(input ?? "[]") as { json: { title: string } }[]).map(({ json }) => json.title))).toEqual([
    ["Second", "Third"],
    ["Fourth"],
  ]);
});

test("a file that a poll has kept becomes its execution's", async () => {
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph: feedFlow(), publish: true } });
  const { organizationId } = await db().flow.findUniqueOrThrow({ where: { id: flowId } });
  await db().payload.create({ data: { id: "poll_file", organizationId, contentType: "text/plain", size: 1, bytes: Buffer.from("x") } });
  await db().pollBatch.create({
    data: {
      id: "exec_00000000000000000000000000",
      organizationId,
      triggerId: triggers[0]?.id ?? "",
      dedupeKey: "poll:1:a",
      items: JSON.stringify([{ json: { a: 1 }, binary: { data: { mimeType: "text/plain", id: "poll_file" } } }]),
    },
  });
  const stop = startPolling();
  const [execution] = await endedExecutions(flowId, 1);
  await stop();
  expect(execution).toMatchObject({ id: "exec_00000000000000000000000000", status: "succeeded" });
  expect(await db().payload.findUnique({ where: { id: "poll_file" } })).toMatchObject({ executionId: execution?.id });
});

test("a tool of the organization is watched with its credential, whose secret is kept nowhere, whoever repeats it", async () => {
  const secret = "tok-of-a-trigger-that-polls-1234567890";
  const content = JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Shop", version: "1" },
    servers: [{ url: service.url }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    security: [{ key: [] }],
    paths: { "/orders": { get: { operationId: "listOrders", responses: { 200: { description: "ok" } } } } },
  });
  const { tool } = await importTool({ ctx, input: { content } });
  const { key: action } = await db().action.findFirstOrThrow({ where: { toolId: tool?.id ?? "" } });
  const toolKey = tool?.key ?? "";
  const { id } = await createCredential({ ctx, input: { name: "Shop", type: "bearer", toolKey, fields: { token: secret } } });
  const parameters = { tool: toolKey, action, auth: "bearer", listPath: "orders" };
  const graph = lineOf({ Watch: { type: "action-trigger", parameters } });
  const nodes = graph.nodes.map((node) => ({ ...node, credentials: { tool: { id } } }));
  const { id: flowId } = await createFlow({ ctx, input: { graph: { ...graph, nodes }, publish: true } });
  await pollDue();
  orders = [1];
  await db().pollState.updateMany({ data: { nextAt: new Date(0) } });
  await pollDue();
  const [execution] = await endedExecutions(flowId, 1);
  expect(authorizations).toEqual([`Bearer ${secret}`, `Bearer ${secret}`]);
  expect(execution?.input).toMatch(/^\[\{"json":\{"id":1,"said":/);
  const kept = JSON.stringify([execution, await db().pollState.findMany(), await db().pollEvent.findMany()], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(kept).not.toContain(secret);
});
