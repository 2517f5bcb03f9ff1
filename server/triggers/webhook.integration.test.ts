import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { deleteFlow, restoreFlow } from "@/server/services/flows/delete";
import { replaceFlow } from "@/server/services/flows/replace";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleWebhook } from "./webhook";

withTestDatabase();

let ctx: ServiceContext;
let engine: RecordingEngine;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});
beforeEach(() => {
  engine = recordingEngine();
  setEngine(engine);
});

const graphWith = (parameters: JsonObject): Graph => ({
  nodes: [{ id: "hook", name: "Webhook", type: "webhook-trigger", version: 1, position: { x: 0, y: 0 }, parameters }],
  edges: [],
  settings: {},
  variables: {},
});

async function publishHook(parameters: JsonObject = {}): Promise<{ id: string; flowId: string }> {
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph: graphWith(parameters), publish: true } });
  return { id: triggers[0]?.id ?? "", flowId };
}

function call(id: string, init: RequestInit & { query?: string } = {}): Promise<Response> {
  return handleWebhook(
    new Request(`http://localhost:3000/api/hooks/${encodeURIComponent(id)}${init.query ?? ""}`, { method: "POST", ...init }),
    id,
  );
}

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});
const startedItem = () => engine.started[0]?.items[0];

describe("what reaches the flow", () => {
  test("has the parameters of its path, and other paths are not there", async () => {
    const { id } = await publishHook({ path: "orders/:orderId" });
    expect((await call(id)).status).toBe(404);
    expect((await call(id, { query: "/users/1" })).status).toBe(404);
    expect((await call(id, { ...json({}), query: "/orders/a%20b?x=1" })).status).toBe(200);
    expect(engine.started).toHaveLength(1);
    expect(startedItem()?.json).toMatchObject({ params: { orderId: "a b" }, query: { x: "1" } });
  });

  test("is headers, query and body, as n8n's Webhook gives them", async () => {
    const { id, flowId } = await publishHook();
    const answer = await call(id, { ...json({ order: 7 }, { "x-shop": "a" }), query: "?tag=1&tag=2&q=%C3%A4" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ executionId: engine.started[0]?.id });
    expect(engine.started).toMatchObject([
      { flowId, flowVersion: 1, mode: "webhook", triggerNodeId: "hook", event: { triggerId: id, type: "webhook", dedupeKey: null } },
    ]);
    expect(startedItem()?.json).toMatchObject({
      headers: { "x-shop": "a" },
      params: {},
      query: { tag: ["1", "2"], q: "ä" },
      body: { order: 7 },
    });
  });

  test.each<[string, RequestInit, unknown]>([
    [
      "a form",
      {
        body: new URLSearchParams([
          ["a", "1"],
          ["a", "2"],
          ["b", "3"],
        ]),
      },
      { a: ["1", "2"], b: "3" },
    ],
    ["text", { body: "plain", headers: { "content-type": "text/plain" } }, "plain"],
    [
      "XML as text: nobody reads its entities",
      { body: "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", headers: { "content-type": "application/xml" } },
      "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    ],
    ["nothing", {}, {}],
    ["a list", json([1, 2]), [1, 2]],
  ])("can be %s", async (_name, init, body) => {
    const { id } = await publishHook();
    expect((await call(id, init)).status).toBe(200);
    expect(startedItem()?.json.body).toEqual(body);
  });

  test("can be files, which travel beside the fields", async () => {
    const { id } = await publishHook();
    const form = new FormData();
    form.set("note", "hi");
    form.set("file", new File(["abc"], "../../a.txt", { type: "text/plain" }));
    await call(id, { body: form });
    expect(startedItem()?.json.body).toEqual({ note: "hi" });
    expect(startedItem()?.binary?.file).toMatchObject({ mimeType: "text/plain", fileSize: 3, data: "YWJj" });
  });

  test("keeps names such as __proto__ as data", async () => {
    const { id } = await publishHook();
    await call(id, {
      body: '{"__proto__":{"polluted":true},"constructor":1}',
      headers: { "content-type": "application/json" },
      query: "?__proto__=x",
    });
    const item = startedItem()?.json as { body: object; query: object };
    expect(Object.keys(item.body)).toEqual(["__proto__", "constructor"]);
    expect(JSON.stringify(item.query)).toBe('{"__proto__":"x"}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("is never the session of a visitor who was lured to the URL", async () => {
    const { id } = await publishHook({ methods: ["GET"] });
    const cookie =
      "a=1; tolstoy.session=secret; __Host-tolstoy.session=secret; tolstoy.session.0=secret; __Secure-next-auth.callback-url=x; b=2";
    await call(id, { method: "GET", headers: { cookie } });
    const headers = startedItem()?.json.headers as Record<string, string>;
    expect(headers.cookie).not.toContain("secret");
    expect(headers.cookie).toMatch(/a=1;.*b=2/);
  });
});

describe("bad calls", () => {
  test.each<[string, RequestInit, number]>([
    ["JSON that is none", { body: "{", headers: { "content-type": "application/json" } }, 400],
    [
      "JSON nested beyond reason",
      { body: `${"[".repeat(50_000)}${"]".repeat(50_000)}`, headers: { "content-type": "application/json" } },
      400,
    ],
    ["JSON posing as an upload", { body: "{}", headers: { "content-type": "multipart/form-data; boundary=x" } }, 400],
    ["a body that says it is too large", { body: "x", headers: { "content-length": "99999999999" } }, 413],
    ["another method", { method: "PUT" }, 405],
  ])("%s is refused and starts nothing", async (_name, init, status) => {
    const { id } = await publishHook();
    const answer = await call(id, init);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
    expect(engine.started).toEqual([]);
  });

  test("a body over the limit is cut off, however it is announced", async () => {
    const { id } = await publishHook();
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1024 * 1024;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const answer = await call(id, { body, duplex: "half" } as RequestInit);
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  test("a URL that is unknown, unpublished, deleted or no webhook answers the same", async () => {
    const { triggers } = await createFlow({ ctx, input: { graph: graphWith({}) } });
    const deleted = await publishHook();
    await deleteFlow({ ctx, input: { id: deleted.flowId } });
    const removed = await publishHook();
    const manual = { ...graphWith({}), nodes: [{ ...graphWith({}).nodes[0]!, id: "m", type: "manual-trigger" }] };
    await replaceFlow({ ctx, input: { id: removed.flowId, graph: manual, publish: true } });
    const other = await db().trigger.findFirstOrThrow({ where: { flowId: removed.flowId, type: "manual" } });
    const answers = await Promise.all(
      ["nowhere", "\u0000", "%00", "x".repeat(5000), triggers[0]?.id ?? "", deleted.id, removed.id, other.id].map(async (id) => {
        const answer = await call(id, json({}));
        return { status: answer.status, text: await answer.text(), headers: [...answer.headers] };
      }),
    );
    expect(answers[0]?.status).toBe(404);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await restoreFlow({ ctx, input: { id: deleted.flowId } });
    expect((await call(deleted.id)).status).toBe(200);
  });

  test("looking whether it is there starts nothing", async () => {
    const { id } = await publishHook({ methods: ["GET", "POST"] });
    const options = await call(id, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, POST, HEAD, OPTIONS"]);
    expect((await call(id, { method: "HEAD" })).status).toBe(200);
    expect(engine.started).toEqual([]);
  });
});

test("one delivery sent a hundred times at once is passed on under one name", async () => {
  const { id } = await publishHook();
  const answers = await Promise.all(Array.from({ length: 100 }, () => call(id, json({}, { "x-github-delivery": "abc" }))));
  const ids = new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as { executionId: string }).executionId)));
  expect(ids.size).toBe(1);
  expect(engine.started).toMatchObject([{ event: { dedupeKey: "x-github-delivery:abc" } }]);
});

test("a delivery's name of any length tells it from others", async () => {
  const { id } = await publishHook();
  const names = [`${"n".repeat(300)}a`, `${"n".repeat(300)}a`, `${"n".repeat(300)}b`];
  const executions: string[] = [];
  for (const name of names) {
    const answer = await call(id, json({}, { "idempotency-key": name }));
    executions.push(((await answer.json()) as { executionId: string }).executionId);
  }
  expect(executions[1]).toBe(executions[0]);
  expect(executions[2]).not.toBe(executions[0]);
  expect(engine.started.every(({ event }) => (event.dedupeKey?.length ?? 999) < 300)).toBe(true);
});

test("a new version counts from the next call on", async () => {
  const { id, flowId } = await publishHook();
  await call(id);
  await replaceFlow({ ctx, input: { id: flowId, graph: graphWith({ responseCode: 202 }), publish: true } });
  expect((await call(id)).status).toBe(202);
  expect(engine.started.map(({ flowVersion }) => flowVersion)).toEqual([1, 2]);
});

describe("answers", () => {
  const items = [{ json: { a: 1 } }, { json: { a: 2 } }];

  test.each<[string, JsonObject, number, string]>([
    ["the last node's first item", { responseMode: "lastNode" }, 200, '{"a":1}'],
    ["all of its items", { responseMode: "lastNode", responseData: "allItems", responseCode: 201 }, 201, '[{"a":1},{"a":2}]'],
    ["no body", { responseMode: "lastNode", responseData: "noBody" }, 200, ""],
  ])("%s", async (_name, parameters, status, body) => {
    const { id } = await publishHook(parameters);
    engine.result = { status: "succeeded", error: null, response: null, lastItems: items };
    const answer = await call(id);
    expect([answer.status, await answer.text()]).toEqual([status, body]);
  });

  test("of a flow that failed tell where to look and nothing of what went wrong", async () => {
    const { id } = await publishHook({ responseMode: "lastNode" });
    engine.result = {
      status: "failed",
      error: { nodeId: "x", nodeName: "x", message: "password is hunter2" },
      response: null,
      lastItems: null,
    };
    const answer = await call(id);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).toContain(engine.started[0]?.id);
    expect(text).not.toContain("hunter2");
  });

  test("of a Respond to Webhook node are passed on, in a sandbox and without power over the app", async () => {
    const { id } = await publishHook({ responseMode: "respondNode" });
    const headers = {
      "Content-Type": "text/html",
      "Set-Cookie": "tolstoy.session=evil",
      "Content-Security-Policy": "default-src *",
      "Service-Worker-Allowed": "/",
      "Clear-Site-Data": "*",
      "X-Bad": "a\r\nSet-Cookie: b=c",
      "X-Accel-Redirect": "/internal/",
      "X-Middleware-Rewrite": "http://evil.example/",
      "X-Middleware-Next": "1",
      "X-Good": "yes",
    };
    engine.result = {
      status: "running",
      error: null,
      response: { status: 418, headers, body: "<script>alert(1)</script>" },
      lastItems: null,
    };
    const answer = await call(id);
    expect(answer.status).toBe(418);
    expect(await answer.text()).toBe("<script>alert(1)</script>");
    expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox (?!.*allow-same-origin)/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("x-good")).toBe("yes");
    for (const name of [
      "set-cookie",
      "service-worker-allowed",
      "clear-site-data",
      "x-bad",
      "x-accel-redirect",
      "x-middleware-rewrite",
      "x-middleware-next",
    ])
      expect(answer.headers.get(name)).toBeNull();
  });

  test("can be bytes", async () => {
    const { id } = await publishHook({ responseMode: "respondNode" });
    engine.result = {
      status: "running",
      error: null,
      response: { status: 200, headers: {}, body: "AP8=", bodyIsBase64: true },
      lastItems: null,
    };
    expect([...new Uint8Array(await (await call(id)).arrayBuffer())]).toEqual([0, 255]);
  });

  test("do not keep a caller who has left, and let the execution go on", async () => {
    const { id } = await publishHook({ responseMode: "lastNode" });
    engine.outcome = (_id, _until, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const leave = new AbortController();
    const answering = call(id, { signal: leave.signal });
    await expect.poll(() => engine.started.length).toBe(1);
    leave.abort();
    expect((await answering).status).toBe(202);
  });
});
