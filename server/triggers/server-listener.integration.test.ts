import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { answerWebhooksFirst, type FirstListener } from "./server-listener";

withTestDatabase();

let ctx: ServiceContext;
let engine: RecordingEngine;
let server: http.Server;
let origin: string;

beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
  answerWebhooksFirst();
  const { [Symbol.for("tolstoy.firstListener")]: first } = globalThis as unknown as Record<symbol, FirstListener>;
  server = http.createServer((request, response) => {
    if (!first?.(request, response)) response.writeHead(418).end("the framework's");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  engine = recordingEngine();
  setEngine(engine);
});

async function publishHook(parameters: JsonObject = {}): Promise<string> {
  const node = { id: "hook", name: "Webhook", type: "webhook-trigger", version: 1, position: { x: 0, y: 0 }, parameters };
  const graph = { nodes: [node], edges: [], settings: {}, variables: {} };
  const { triggers } = await createFlow({ ctx, input: { graph, publish: true } });
  return triggers[0]?.id ?? "";
}

test("a webhook's call is answered without the framework, with what reached the flow", async () => {
  const id = await publishHook();
  const answer = await fetch(`${origin}/api/hooks/${id}?q=%C3%A4`, {
    method: "POST",
    body: JSON.stringify({ order: 7 }),
    headers: { "content-type": "application/json", "x-shop": "a" },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ executionId: engine.started[0]?.id });
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(engine.started[0]?.items[0]?.json).toMatchObject({
    headers: { "x-shop": "a" },
    query: { q: "ä" },
    body: { order: 7 },
  });
});

test.each(["/", "/api/hooks", "/api/hooks/test", "/api/hooks/test/abc", "/api/hooks/%61bc", "/api/hooks/abc/", "//api/hooks/abc"])(
  "%s is the framework's",
  async (path) => {
    expect((await fetch(origin + path, { redirect: "manual" })).status).toBe(418);
  },
);

test("an id that nobody has is told so, with a body that is not read", async () => {
  const answer = await fetch(`${origin}/api/hooks/cnothing`, { method: "POST", body: "x".repeat(100_000) });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { code: "not_found" } });
});

test("a method that the webhook does not take is answered with those that it takes, and a HEAD has no body", async () => {
  const id = await publishHook({ methods: ["GET"] });
  const refused = await fetch(`${origin}/api/hooks/${id}`, { method: "POST", body: "{}" });
  expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  const head = await fetch(`${origin}/api/hooks/${id}`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  expect(engine.started).toEqual([]);
});

test("a long answer is compressed for whoever can unpack it, and only for them", async () => {
  const id = await publishHook({ responseMode: "lastNode", responseData: "allItems" });
  const text = "long ".repeat(2000);
  engine.outcome = async () => ({ status: "succeeded", error: null, response: null, lastItems: [{ json: { text } }] });
  const raw = (accepted: string) =>
    new Promise<{ headers: http.IncomingHttpHeaders; bytes: number }>((resolve, reject) => {
      const request = http.request(
        `${origin}/api/hooks/${id}`,
        { method: "POST", headers: { "accept-encoding": accepted } },
        (response) => {
          let bytes = 0;
          response.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
          });
          response.on("end", () => resolve({ headers: response.headers, bytes }));
        },
      );
      request.on("error", reject);
      request.end();
    });
  const packed = await raw("br, gzip");
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(packed.bytes).toBeLessThan(1000);
  const plain = await raw("gzip;q=0");
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(plain.bytes).toBeGreaterThan(text.length);
});

test("whoever leaves before the answer ends the waiting for it, and the execution goes on", async () => {
  const id = await publishHook({ responseMode: "lastNode" });
  let ask: (signal: AbortSignal) => void = () => {};
  const asked = new Promise<AbortSignal>((resolve) => {
    ask = resolve;
  });
  engine.outcome = (_id, _until, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      ask(signal);
    });
  const leaving = new AbortController();
  const call = fetch(`${origin}/api/hooks/${id}`, { method: "POST", signal: leaving.signal }).catch((error: Error) => error.name);
  const waiting = await asked;
  const ended = new Promise<void>((resolve) => waiting.addEventListener("abort", () => resolve(), { once: true }));
  leaving.abort();
  await ended;
  expect(await call).toBe("AbortError");
  expect(engine.started).toHaveLength(1);
});
