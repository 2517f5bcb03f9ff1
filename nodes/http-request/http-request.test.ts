import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse } from "@/flow/node/context";
import { effectOf } from "@/flow/node/define-node";
import { executeForTest, type TestVisit } from "../testing/execute";
import { httpRequest } from "./definition";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const asJson = (value: unknown): Partial<HttpResponse> => ({
  headers: { "content-type": "application/json; charset=utf-8" },
  body: bytes(JSON.stringify(value)),
});

async function send(parameters: JsonObject, visit: TestVisit = {}): Promise<HttpRequest[]> {
  const sent: HttpRequest[] = [];
  await executeForTest("http-request", {
    ...visit,
    parameters: { url: "https://api.test/x", ...parameters },
    http: (request) => {
      sent.push(request);
      return asJson({});
    },
  });
  return sent;
}
const receive = async (parameters: JsonObject, response: Partial<HttpResponse>, visit: TestVisit = {}) =>
  executeForTest("http-request", { ...visit, parameters: { url: "https://api.test/x", ...parameters }, http: () => response });

describe("the request", () => {
  it("is made once an item", async () => {
    const sent = await send({ url: "=https://api.test/orders/{{ $json.id }}" }, { items: [{ id: 1 }, { id: 2 }] });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET https://api.test/orders/1", "GET https://api.test/orders/2"]);
  });

  it("carries query parameters beside those of the URL", async () => {
    const query = [
      { name: "q", value: "a b&c" },
      { name: "n", value: 5 },
      { name: "", value: "x" },
    ];
    expect((await send({ url: "https://api.test/x?a=1", query }))[0]?.url).toBe("https://api.test/x?a=1&q=a+b%26c&n=5");
    expect((await send({ queryFormat: "json", queryJson: '{"a":[1,2]}' }))[0]?.url).toBe("https://api.test/x?a=1&a=2");
    expect((await send({ queryFormat: "json", queryJson: { a: [1] }, queryArrays: "brackets" }))[0]?.url).toBe(
      "https://api.test/x?a%5B%5D=1",
    );
    expect((await send({ queryFormat: "json", queryJson: { a: [1] }, queryArrays: "indices" }))[0]?.url).toBe(
      "https://api.test/x?a%5B0%5D=1",
    );
  });

  it("carries headers", async () => {
    expect((await send({ headers: [{ name: "X-A", value: "={{ 5 }}" }] }))[0]?.headers).toMatchObject({ "X-A": "5" });
    expect((await send({ headersFormat: "json", headersJson: '{"X-B": true, "accept": "text/csv"}' }))[0]?.headers).toEqual({
      "X-B": "true",
      accept: "text/csv",
    });
  });

  it("carries bodies of every kind", async () => {
    const body = async (parameters: JsonObject, visit?: TestVisit) => {
      const [request] = await send({ method: "POST", ...parameters }, visit);
      return {
        type: request?.headers?.["content-type"],
        body: typeof request?.body === "string" ? request.body : request?.body && new TextDecoder().decode(request.body),
      };
    };
    const bodyFields = [
      { name: "a.b", value: 1 },
      { name: "c", value: "x y" },
    ];
    expect(await body({ body: "json", bodyFields })).toEqual({ type: "application/json", body: '{"a":{"b":1},"c":"x y"}' });
    expect(await body({ body: "json", bodyFormat: "json", bodyJson: '={"id": {{ $json.id }}}' }, { items: [{ id: 7 }] })).toEqual({
      type: "application/json",
      body: '{"id":7}',
    });
    expect(await body({ body: "json", bodyFormat: "json", bodyJson: "={{ $json }}" }, { items: [{ id: 7 }] })).toEqual({
      type: "application/json",
      body: '{"id":7}',
    });
    expect(await body({ body: "form", bodyFields: [{ name: "c", value: "x y" }] })).toEqual({
      type: "application/x-www-form-urlencoded",
      body: "c=x+y",
    });
    expect(await body({ body: "raw", bodyText: "<a/>", bodyContentType: "text/xml" })).toEqual({ type: "text/xml", body: "<a/>" });
    const items = [{ json: {}, binary: { doc: { mimeType: "text/csv", fileName: 'a"b.csv', data: "MSwy" } } }];
    expect(await body({ body: "binary", bodyFile: "doc" }, { items })).toEqual({ type: "text/csv", body: "1,2" });
    const multipart = await body(
      {
        body: "multipart",
        bodyFields: [
          { name: "note", value: "hi" },
          { name: "file", type: "file", file: "doc" },
        ],
      },
      { items },
    );
    const boundary = /boundary=(.+)$/.exec(multipart.type ?? "")?.[1];
    expect(multipart.body).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a%22b.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--${boundary}--\r\n`,
    );
    expect(await body({ body: "none" })).toEqual({ type: undefined, body: undefined });
  });

  it("carries the same idempotency key in every retry, if it changes something", async () => {
    expect((await send({ method: "POST" }))[0]?.headers).toMatchObject({ "idempotency-key": "exec_test:n1#0:0" });
    expect((await send({}))[0]?.headers).not.toHaveProperty("idempotency-key");
    expect((await send({ method: "POST", idempotencyKey: false }))[0]?.headers).not.toHaveProperty("idempotency-key");
    expect((await send({ method: "POST", headers: [{ name: "Idempotency-Key", value: "mine" }] }))[0]?.headers).toEqual(
      expect.objectContaining({ "Idempotency-Key": "mine" }),
    );
  });

  it("is refused when the parameters make none", async () => {
    await expect(send({ url: "" })).rejects.toThrow('Parameter "url" (item 0): is empty');
    await expect(send({ url: "api.test/x" })).rejects.toThrow("it must begin with http:// or https://");
    await expect(send({ body: "json", bodyFormat: "json", bodyJson: "{" })).rejects.toThrow(
      'Parameter "bodyJson" (item 0): is not valid JSON',
    );
    await expect(send({ body: "binary" })).rejects.toThrow('the item has no file "data" (it has none)');
  });

  it("writes or reads by its method", () => {
    const effects = (...methods: (string | undefined)[]) =>
      methods.map((method) => effectOf(httpRequest, method === undefined ? {} : { method }));
    expect(effects(undefined, "HEAD", "POST", "={{ 'GET' }}")).toEqual(["read", "read", "write", "write"]);
  });

  it("runs so many at once, with a pause between", async () => {
    let running = 0;
    let most = 0;
    const started = performance.now();
    await executeForTest("http-request", {
      parameters: { url: "https://api.test/", batchSize: 2, batchIntervalMs: 30 },
      items: [{}, {}, {}, {}, {}],
      http: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return asJson({});
      },
    });
    expect(most).toBe(2);
    expect(performance.now() - started).toBeGreaterThanOrEqual(58);
  });
});

describe("the response", () => {
  it("gives an item for an object and one each for a list", async () => {
    expect((await receive({}, asJson({ a: 1 }))).outputs).toEqual([[{ json: { a: 1 }, pairedItem: { item: 0 } }]]);
    expect(
      (await receive({}, asJson([{ a: 1 }, { a: 2 }, 3]), { items: [{}, {}] })).outputs[0]?.map(({ json, pairedItem }) => [
        json,
        pairedItem,
      ]),
    ).toEqual([
      [{ a: 1 }, { item: 0 }],
      [{ a: 2 }, { item: 0 }],
      [{ data: 3 }, { item: 0 }],
      [{ a: 1 }, { item: 1 }],
      [{ a: 2 }, { item: 1 }],
      [{ data: 3 }, { item: 1 }],
    ]);
    expect((await receive({}, { ...asJson(null), body: new Uint8Array() })).json).toEqual([[{}]]);
    expect((await receive({}, { headers: { "content-type": "application/problem+json" }, body: bytes('{"a":1}') })).json).toEqual([
      [{ a: 1 }],
    ]);
  });

  it("gives text under a field, in the charset that it is in", async () => {
    expect((await receive({ responseField: "page" }, { headers: { "content-type": "text/html" }, body: bytes("<p>ü</p>") })).json).toEqual([
      [{ page: "<p>ü</p>" }],
    ]);
    expect(
      (await receive({}, { headers: { "content-type": "text/plain; charset=iso-8859-1" }, body: new Uint8Array([0xfc]) })).json,
    ).toEqual([[{ data: "ü" }]]);
    expect((await receive({ responseFormat: "text" }, asJson({ a: 1 }))).json).toEqual([[{ data: '{"a":1}' }]]);
  });

  it("gives files as files, named as the server says", async () => {
    const { outputs } = await receive(
      {},
      { headers: { "content-type": "image/png", "content-disposition": 'attachment; filename="../../etc/a.png"' }, body: bytes("png") },
    );
    expect(outputs[0]?.[0]).toEqual({
      json: {},
      binary: { data: { mimeType: "image/png", fileName: "a.png", fileSize: 3, data: "cG5n" } },
      pairedItem: { item: 0 },
    });
    const named = await receive(
      { responseFormat: "binary", responseField: "file" },
      { ...asJson({}), url: "https://api.test/files/report%20a.json" },
    );
    expect(named.outputs[0]?.[0]?.binary?.file?.fileName).toBe("report a.json");
  });

  it("gives status and headers when asked for all of it", async () => {
    expect((await receive({ fullResponse: true }, { ...asJson({ a: 1 }), status: 201, statusText: "Created" })).json).toEqual([
      [{ body: { a: 1 }, headers: { "content-type": "application/json; charset=utf-8" }, statusCode: 201, statusMessage: "Created" }],
    ]);
    const capital = await receive({ fullResponse: true, lowercaseHeaders: false }, asJson({}));
    expect(Object.keys(capital.json[0]?.[0]?.headers as JsonObject)).toEqual(["Content-Type"]);
  });

  it("is refused as JSON when it is none", async () => {
    await expect(receive({ responseFormat: "json" }, { body: bytes("<html>") })).rejects.toThrow("The response is not valid JSON");
    expect((await receive({}, { ...asJson(0), body: bytes("oops") })).json).toEqual([[{ data: "oops" }]]);
  });
});

describe("a failing status", () => {
  it("fails the node in the server's words, without what is secret in the URL", async () => {
    const failing = receive(
      { url: "https://api.test/x?token=secret" },
      { ...asJson({ error: { message: "No such order" } }), status: 404, statusText: "Not Found" },
    );
    await expect(failing).rejects.toMatchObject({
      name: "Error",
      message: "GET https://api.test/x answered 404 Not Found: No such order",
      httpStatus: 404,
    });
  });

  it("is retried when the server says so", async () => {
    const limited = (after: string) => receive({}, { status: 429, statusText: "Too Many Requests", headers: { "retry-after": after } });
    await expect(limited("7")).rejects.toMatchObject({ name: "RetryAfterError", retryAfterMs: 7000, httpStatus: 429 });
    await expect(limited("999999")).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    await expect(limited("soon")).rejects.toMatchObject({ name: "Error" });
  });

  it("is an item like any other when nothing is to be an error", async () => {
    expect((await receive({ neverError: true }, { ...asJson({ e: 1 }), status: 500 })).json).toEqual([[{ e: 1 }]]);
  });

  it("goes on with the other items when the node does, and waits for all before it fails", async () => {
    let ended = 0;
    const visit: TestVisit = {
      parameters: { url: "=https://api.test/{{ $json.n }}" },
      items: [{ n: 0 }, { n: 1 }],
      http: async ({ url }) => {
        if (url.endsWith("0")) return { status: 500, statusText: "Oops" };
        // By the next turn everything has come of the other's answer.
        await new Promise((resolve) => setImmediate(resolve));
        ended++;
        return asJson({ ok: true });
      },
    };
    await expect(executeForTest("http-request", visit)).rejects.toThrow("500 Oops");
    expect(ended).toBe(1);
    const { outputs } = await executeForTest("http-request", { ...visit, continueOnFail: true });
    await expect(executeForTest("http-request", { ...visit, continueOnFail: true, lastAttempt: false })).rejects.toThrow("500 Oops");
    expect(outputs[0]?.map(({ json, error }) => [json, error?.httpStatus])).toEqual([
      [{ error: "GET https://api.test/0 answered 500 Oops" }, 500],
      [{ ok: true }, undefined],
    ]);
  });
});
