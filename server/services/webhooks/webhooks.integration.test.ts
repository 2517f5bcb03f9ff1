import { createHmac } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { createHttpClient } from "@/server/http/guarded-client";
import { sql } from "@/server/sql";
import { recordExecution, twoStepGraph } from "@/server/testing/executions";
import { createFlow, createMember, createOrganization } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { createWebhook } from "./create";
import { deleteWebhook } from "./delete";
import { attemptDelivery, BACKOFF_MS } from "./deliver";
import { getWebhookDelivery } from "./delivery";
import { dispatchWebhooks } from "./dispatcher";
import { getWebhook, listWebhookDeliveries, listWebhooks } from "./list";
import { noteHappenings } from "./note";
import { resendDelivery } from "./resend";
import { sealWebhookHeaders } from "./secrets";
import { testWebhook } from "./try";
import { toggleWebhook, updateWebhook } from "./update";

withTestDatabase();

interface Received {
  headers: http.IncomingHttpHeaders;
  body: JsonObject & { data: JsonObject; metadata: JsonObject };
  text: string;
}

describe("webhooks", () => {
  const received: Received[] = [];
  let status = 200;
  let answerBody = "";
  let server: http.Server;
  let url: string;
  let ctx: ServiceContext;
  let organizationId: string;
  let flowId: string;
  const client = () => createHttpClient({ allowlist: [new URL(url).host] });

  beforeAll(async () => {
    process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        received.push({ headers: request.headers, body: JSON.parse(text), text });
        response.writeHead(status, { location: "/elsewhere" }).end(answerBody);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(async () => {
    received.length = 0;
    await db().webhook.deleteMany();
    status = 200;
    answerBody = "";
    organizationId = (await createOrganization()).id;
    ctx = (await createMember({ organizationId, role: "admin" })).context;
    flowId = (await createFlow({ organizationId })).id;
  });

  const secret = "correct horse battery staple";
  const create = (over: Partial<Parameters<typeof createWebhook>[0]["input"]> = {}) =>
    createWebhook({ ctx, input: { name: "Ops", url, eventTypes: ["flow.completed", "flow.failed"], secret, ...over } });
  const deliveries = async (id: string) => (await listWebhookDeliveries({ ctx, input: { id } })).deliveries;
  const onlyDelivery = async (id: string) => {
    const [only, ...rest] = await deliveries(id);
    expect(rest).toEqual([]);
    return only!.id;
  };
  const noteAll = async () => {
    while ((await noteHappenings()) > 0);
  };
  const deliverAll = async (id: string) => {
    const http = client();
    for (const delivery of await deliveries(id)) await attemptDelivery(http, delivery.id, true);
    await http.close();
  };
  const output = { outputs: [[{ json: { n: 1 } }]] };

  it("are told of an execution's end, signed, once", async () => {
    const { id } = await create({ headers: { Authorization: "Bearer t0ken" } });
    const execution = await recordExecution({ organizationId, flowId, steps: [{ nodeId: "start", output }] });
    await noteAll();
    // A look that is made again writes nothing again.
    await sql().query("insert into webhook_look (execution_id) values ($1)", [execution.id]);
    await noteAll();
    await deliverAll(id);
    expect(received).toHaveLength(1);
    const [{ headers, body, text }] = received as [Received];
    expect(body).toMatchObject({
      eventType: "flow.completed",
      data: { orgId: organizationId, flowId, executionId: execution.id, status: "completed", completedSteps: 1 },
      metadata: { orgId: organizationId, webhookId: id },
    });
    const timestamp = Number(headers["x-webhook-timestamp"]);
    const signed = JSON.stringify({ timestamp, ...JSON.parse(text) });
    expect(headers).toMatchObject({
      authorization: "Bearer t0ken",
      "x-webhook-event": "flow.completed",
      "x-webhook-delivery": body.metadata.deliveryId,
      "x-webhook-signature": `sha256=${createHmac("sha256", secret).update(signed).digest("hex")}`,
    });
    expect(await deliveries(id)).toMatchObject([{ status: "delivered", attempts: 1, responseStatus: 200, error: null }]);
  });

  it.each([
    ["a text", secret, Buffer.from(secret)],
    ["bytes in Base64", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64")],
  ])("are signed as Standard Webhooks says, too, when the secret is %s", async (_, given, key) => {
    status = 503;
    const { id } = await create({ secret: given });
    await recordExecution({ organizationId, flowId, steps: [{ nodeId: "start", output: { outputs: [[{ json: { text: "ü" } }]] } }] });
    await noteAll();
    const before = Math.floor(Date.now() / 1000);
    await deliverAll(id);
    await deliverAll(id);
    expect(received).toHaveLength(2);
    for (const { headers, text } of received) {
      const { "webhook-id": messageId, "webhook-timestamp": seconds } = headers;
      expect(Number(seconds)).toBeGreaterThanOrEqual(before);
      expect(Number(seconds)).toBeLessThanOrEqual(Date.now() / 1000);
      const expected = createHmac("sha256", key).update(`${messageId}.${seconds}.${text}`).digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    }
    // Over attempts it stays one message.
    expect(new Set(received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([await onlyDelivery(id)]));
  });

  it("are signed by neither header without a secret, and keep their own headers from standing in for one", async () => {
    const { id } = await create({ secret: null });
    // As one that was made when the name was free.
    const stored = sealWebhookHeaders({ "Webhook-Signature": "v1,forged", "X-Own": "kept" }, { organizationId, id });
    await db().webhook.update({ where: { id }, data: { headers: stored } });
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    await deliverAll(id);
    const [{ headers }] = received as [Received];
    expect(headers).toMatchObject({ "x-own": "kept", "webhook-id": await onlyDelivery(id) });
    expect(headers).not.toHaveProperty("webhook-signature");
    expect(headers).not.toHaveProperty("x-webhook-signature");
  });

  it("are told of executions whose data holds what a database's JSON does not", async () => {
    const { id } = await create({ eventTypes: ["step.completed"] });
    const odd = { outputs: [[{ json: { text: "a\u0000b" } }]] };
    const execution = await recordExecution({ organizationId, flowId, steps: [{ nodeId: "start", output: odd }] });
    await sql().query("update execution set draft_graph = $2 where id = $1", [
      execution.id,
      JSON.stringify({ nodes: [{ id: "start", name: "a\u0000b" }] }),
    ]);
    await noteAll();
    await deliverAll(id);
    expect(received.map(({ body }) => body.data)).toMatchObject([{ stepName: "a\u0000b", output: [{ text: "a\u0000b" }] }]);
  });

  it("are told of what they asked for, and not of another organization's executions", async () => {
    const { id } = await create({ eventTypes: ["flow.started", "flow.failed", "step.started", "step.completed", "step.failed"] });
    const other = await createOrganization();
    const foreign = await createFlow({ organizationId: other.id });
    await recordExecution({ organizationId: other.id, flowId: foreign.id, steps: [{ nodeId: "start", output }] });
    await recordExecution({ organizationId, flowId, status: "failed", steps: [{ nodeId: "start", output }] });
    await noteAll();
    const names = (await deliveries(id)).map(({ eventType }) => eventType).sort();
    expect(names).toEqual(["flow.failed", "flow.started", "step.completed", "step.started"]);
  });

  it("are tried again after a fault of the receiver's, with growing pauses, and no more than six times", async () => {
    status = 503;
    const { id } = await create();
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    const deliveryId = await onlyDelivery(id);
    const http = client();
    for (const [index, pause] of BACKOFF_MS.entries()) {
      const before = Date.now();
      const attempted = await attemptDelivery(http, deliveryId, true);
      expect(attempted.kind).toBe("later");
      if (attempted.kind === "later") expect(attempted.at.getTime() - before).toBeGreaterThanOrEqual(pause);
      expect((await deliveries(id))[0]).toMatchObject({ status: "pending", attempts: index + 1, responseStatus: 503 });
      // Not before its time.
      expect((await attemptDelivery(http, deliveryId)).kind).toBe("later");
    }
    expect(await attemptDelivery(http, deliveryId, true)).toEqual({ kind: "failed" });
    expect(await attemptDelivery(http, deliveryId, true)).toEqual({ kind: "none" });
    expect(received).toHaveLength(BACKOFF_MS.length + 1);
    await http.close();
  });

  it.each([404, 302])("take an answer of %s for the receiver's word, and follow nothing", async (answer) => {
    status = answer;
    const { id } = await create();
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    await deliverAll(id);
    expect(received).toHaveLength(1);
    expect((await deliveries(id))[0]).toMatchObject({ status: "failed", attempts: 1, responseStatus: answer });
  });

  it("reach no private address", async () => {
    const { id } = await create();
    const http = createHttpClient({ allowlist: [] });
    const test = await testWebhook({ ctx, input: { id }, http });
    await http.close();
    expect(test).toMatchObject({ delivered: false, responseStatus: null });
    expect(received).toEqual([]);
  });

  it("are sent by one of several processes", async () => {
    const { id } = await create();
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    const deliveryId = await onlyDelivery(id);
    const http = client();
    const attempts = await Promise.all(Array.from({ length: 5 }, () => attemptDelivery(http, deliveryId)));
    await http.close();
    expect(attempts.filter(({ kind }) => kind === "delivered")).toHaveLength(1);
    expect(received).toHaveLength(1);
  });

  it("are handed over where others send them, again when nobody did", async () => {
    const { id } = await create();
    await recordExecution({ organizationId, flowId, steps: [] });
    const announced: string[][] = [];
    const announce = async (ids: string[]) => void announced.push(ids);
    await dispatchWebhooks(announce);
    await dispatchWebhooks(announce);
    const deliveryId = await onlyDelivery(id);
    expect(announced).toEqual([[deliveryId]]);
    await db().webhookDelivery.update({ where: { id: deliveryId }, data: { announcedAt: new Date(Date.now() - 61_000) } });
    await dispatchWebhooks(announce);
    expect(announced).toEqual([[deliveryId], [deliveryId]]);
    expect(received).toEqual([]);
  });

  it("are told of a step that calls an action, and of which", async () => {
    const { id } = await create({ eventTypes: ["action.executed", "action.failed"] });
    const [start, call] = twoStepGraph().nodes;
    const action = { ...call, type: "action", parameters: { tool: "github", action: "create-issue", auth: "oauth2" } };
    const graph = { ...twoStepGraph(), nodes: [start, action] } as Graph;
    const steps = [
      { nodeId: "start", output },
      { nodeId: "fields", output },
    ];
    await recordExecution({ organizationId, flowId, graph, steps });
    await noteAll();
    await deliverAll(id);
    expect(received.map(({ body }) => body)).toMatchObject([
      { eventType: "action.executed", data: { stepKey: "fields#0", toolKey: "github", actionKey: "create-issue", status: "completed" } },
    ]);
  });

  it("say what came of a test at once, also while they are off", async () => {
    const { id } = await create();
    expect((await toggleWebhook({ ctx, input: { id } })).enabled).toBe(false);
    const http = client();
    expect(await testWebhook({ ctx, input: { id }, http })).toMatchObject({ delivered: true, responseStatus: 200 });
    status = 500;
    expect(await testWebhook({ ctx, input: { id }, http })).toMatchObject({ delivered: false, responseStatus: 500 });
    await http.close();
    expect(received.map(({ body }) => body.eventType)).toEqual(["webhook.test", "webhook.test"]);
    expect((await deliveries(id)).map(({ status: each }) => each)).toEqual(["failed", "delivered"]);
  });

  it("show what was sent and what came back, without secrets", async () => {
    const token = "t0ken-of-theirs";
    status = 400;
    answerBody = `no\u0000 such order for ${token}, ${secret}${"x".repeat(2_000)}`;
    const { id } = await create({ headers: { Authorization: `Bearer ${token}` } });
    const execution = await recordExecution({ organizationId, flowId, steps: [{ nodeId: "start", output }] });
    await noteAll();
    await deliverAll(id);
    const detail = await getWebhookDelivery({ ctx, input: { id, deliveryId: await onlyDelivery(id) } });
    expect(detail).toMatchObject({ status: "failed", responseStatus: 400, payload: { data: { executionId: execution.id } } });
    expect(detail.payload).toEqual(received[0]!.body);
    expect(detail.headers).toContainEqual({ name: "Authorization", value: "hidden" });
    expect(detail.headers).toEqual(
      expect.arrayContaining(["webhook-signature", "x-webhook-signature"].map((name) => ({ name, value: "hidden" }))),
    );
    expect(detail.responseExcerpt).toMatch(/^no. such order for \[redacted\], \[redacted\]x+$/);
    expect(detail.responseExcerpt).toHaveLength(1_000);
    expect(JSON.stringify([detail, await db().webhookDelivery.findMany()])).not.toContain(token);
  });

  it("are sent a settled message again: the same body and id, signed with the secret of now", async () => {
    status = 404;
    const { id } = await create();
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    await deliverAll(id);
    const deliveryId = await onlyDelivery(id);
    const renewed = "another secret that is long enough";
    await updateWebhook({ ctx, input: { id, secret: renewed } });
    const before = Date.now();
    const http = client();
    status = 503;
    // One attempt: nobody tries it again behind the back of who sent it.
    expect(await resendDelivery({ ctx, input: { id, deliveryId }, http })).toMatchObject({ id: deliveryId, status: "failed", attempts: 2 });
    status = 200;
    expect(await resendDelivery({ ctx, input: { id, deliveryId }, http })).toMatchObject({ status: "delivered", attempts: 3, error: null });
    const announced: string[] = [];
    await dispatchWebhooks(async (ids) => void announced.push(...ids));
    expect(announced).toEqual([]);
    await http.close();
    expect(received).toHaveLength(3);
    const [first, , last] = received as [Received, Received, Received];
    expect(last.text).toBe(first.text);
    expect(last.headers["x-webhook-delivery"]).toBe(deliveryId);
    const timestamp = Number(last.headers["x-webhook-timestamp"]);
    expect(timestamp).toBeGreaterThanOrEqual(before);
    const signed = JSON.stringify({ timestamp, ...last.body });
    expect(last.headers["x-webhook-signature"]).toBe(`sha256=${createHmac("sha256", renewed).update(signed).digest("hex")}`);
    const audit = await db().auditLog.findMany({ where: { organizationId, action: "webhook.resend" } });
    expect(audit.map(({ target }) => target)).toEqual([`webhook:${id}`, `webhook:${id}`]);
  });

  it("are sent no message again that is under way, that was pressed twice for, or while they are off", async () => {
    const { id } = await create();
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    const deliveryId = await onlyDelivery(id);
    const http = client();
    const again = () => resendDelivery({ ctx, input: { id, deliveryId }, http });
    await expect(again()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("under way") });
    await deliverAll(id);
    const results = await Promise.allSettled([again(), again()]);
    expect(results.some((result) => result.status === "fulfilled")).toBe(true);
    const taken = results.filter((result) => result.status === "fulfilled").length;
    expect(received).toHaveLength(1 + taken);
    await toggleWebhook({ ctx, input: { id } });
    await expect(again()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("off") });
    expect(received).toHaveLength(1 + taken);
    await http.close();
  });

  it("are asked for their own messages only, by admins", async () => {
    const [{ id }, { id: second }] = [await create(), await create({ eventTypes: ["flow.started"] })];
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    await deliverAll(id);
    const deliveryId = await onlyDelivery(id);
    const editor = (await createMember({ organizationId, role: "editor" })).context;
    const stranger = (await createMember({ organizationId: (await createOrganization()).id, role: "owner" })).context;
    for (const verb of [getWebhookDelivery, resendDelivery]) {
      await expect(verb({ ctx: editor, input: { id, deliveryId } })).rejects.toMatchObject({ code: "forbidden" });
      await expect(verb({ ctx: stranger, input: { id, deliveryId } })).rejects.toMatchObject({ code: "not_found" });
      await expect(verb({ ctx, input: { id: second, deliveryId } })).rejects.toMatchObject({ code: "not_found" });
    }
    expect(received).toHaveLength(1);
  });

  it("are told nothing while they are off", async () => {
    const { id } = await create({ enabled: false });
    await recordExecution({ organizationId, flowId, steps: [] });
    await noteAll();
    expect(await deliveries(id)).toEqual([]);
  });

  it("keep secrets and headers to themselves, and leave headers behind when they are pointed elsewhere", async () => {
    const { id } = await create({ headers: { "X-Key": "hidden value" } });
    const shown = JSON.stringify([await getWebhook({ ctx, input: { id } }), await listWebhooks({ ctx, input: {} })]);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain("hidden value");
    expect(JSON.stringify(await db().webhook.findMany())).not.toContain("hidden value");
    expect(await updateWebhook({ ctx, input: { id, name: "Renamed" } })).toMatchObject({
      name: "Renamed",
      headerNames: ["X-Key"],
      hasSecret: true,
    });
    expect((await updateWebhook({ ctx, input: { id, url: "https://elsewhere.test/" } })).headerNames).toEqual([]);
  });

  it("refuse what cannot work, naming the field", async () => {
    await expect(create({ url: "ftp://example.test" })).rejects.toMatchObject({ code: "invalid" });
    await expect(create({ eventTypes: ["flow.exploded" as never] })).rejects.toMatchObject({ code: "invalid" });
    await expect(create({ secret: "short" })).rejects.toThrow("16 characters");
    for (const name of ["x-webhook-signature", "Webhook-Signature", "webhook-id"]) {
      await expect(create({ headers: { [name]: "mine" } }), name).rejects.toMatchObject({ code: "invalid" });
    }
    for (const broken of ["whsec_!!!!!!!!!!!!", "whsec_c2hvcnQgb25l"]) {
      await expect(create({ secret: broken }), broken).rejects.toThrow("Base64 of at least 16 bytes");
    }
    await expect(create({ headers: { "X-A": "a\r\nX-B: b" } })).rejects.toMatchObject({ code: "invalid" });
  });

  it("are for admins of their organization", async () => {
    const { id } = await create();
    const editor = (await createMember({ organizationId, role: "editor" })).context;
    const stranger = (await createMember({ organizationId: (await createOrganization()).id, role: "owner" })).context;
    for (const verb of [getWebhook, updateWebhook, toggleWebhook, deleteWebhook, testWebhook, listWebhookDeliveries]) {
      await expect(verb({ ctx: editor, input: { id } })).rejects.toMatchObject({ code: "forbidden" });
      await expect(verb({ ctx: stranger, input: { id } })).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(createWebhook({ ctx: editor, input: { name: "A", url, eventTypes: ["flow.failed"] } })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
