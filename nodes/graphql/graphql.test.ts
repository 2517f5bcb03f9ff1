import { expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse } from "@/flow/node/context";
import { effectOf } from "@/flow/node/define-node";
import { executeForTest, type TestVisit } from "../testing/execute";
import { graphql } from "./definition";

const answer = (value: Json, over: Partial<HttpResponse> = {}): Partial<HttpResponse> => ({
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(value)),
  ...over,
});
async function ask(parameters: JsonObject, response = answer({ data: { ok: true } }), visit: TestVisit = {}) {
  const sent: HttpRequest[] = [];
  const outcome = await executeForTest("graphql", {
    ...visit,
    parameters: { endpoint: "https://api.test/graphql", query: "{ ok }", ...parameters },
    http: (request) => {
      sent.push(request);
      return response;
    },
  });
  return { ...outcome, sent };
}

it("sends query, variables and operation once for each item; the answer is the item", async () => {
  const { sent, outputs } = await ask(
    {
      query: "query One($id: ID!) { order(id: $id) { total } }",
      variables: [{ name: "id", value: "={{ $json.id }}" }],
      operationName: "One",
      headers: [{ name: "X-Shop", value: "a" }],
    },
    undefined,
    { items: [{ id: 7 }, { id: 8 }] },
  );
  expect(sent.map(({ body }) => JSON.parse(String(body)))).toEqual(
    [7, 8].map((id) => ({ query: "query One($id: ID!) { order(id: $id) { total } }", variables: { id }, operationName: "One" })),
  );
  expect(sent[0]).toMatchObject({ method: "POST", headers: { "content-type": "application/json", "x-shop": "a" } });
  expect(outputs[0]).toEqual([0, 1].map((item) => ({ json: { data: { ok: true } }, pairedItem: { item } })));
});

it("takes variables as JSON, and sends by GET or as the bare query", async () => {
  const asJson = await ask({ variablesFormat: "json", variablesJson: '{"n": [1]}' });
  expect(JSON.parse(String(asJson.sent[0]?.body))).toEqual({ query: "{ ok }", variables: { n: [1] } });
  await expect(ask({ variablesFormat: "json", variablesJson: "{" })).rejects.toThrow('"variablesJson" (item 0): is not valid JSON');
  const { sent } = await ask({ method: "GET", variables: [{ name: "id", value: 1 }] });
  expect(sent[0]?.url).toBe("https://api.test/graphql?query=%7B+ok+%7D&variables=%7B%22id%22%3A1%7D");
  expect(sent[0]?.body).toBeUndefined();
  expect((await ask({ requestFormat: "graphql" })).sent[0]).toMatchObject({
    body: "{ ok }",
    headers: { "content-type": "application/graphql" },
  });
});

it("fails for errors in the answer, in the server's words", async () => {
  const errors = answer({ data: null, errors: [{ message: "No such field" }, { message: "Nor this" }] });
  await expect(ask({}, errors)).rejects.toMatchObject({ name: "FatalError", message: expect.stringContaining("No such field, Nor this") });
  await expect(ask({}, { ...errors, status: 400, statusText: "Bad Request" })).rejects.toMatchObject({
    message: "The GraphQL endpoint answered 400 Bad Request: No such field, Nor this",
    httpStatus: 400,
  });
  await expect(ask({}, answer({}, { status: 429, headers: { "retry-after": "3" } }))).rejects.toMatchObject({ retryAfterMs: 3000 });
  await expect(ask({}, answer("hi"))).rejects.toThrow("is no JSON object");
  const { outputs } = await ask({}, errors, { continueOnFail: true, items: [{}, {}] });
  expect(outputs[0]?.map(({ error, pairedItem }) => [error?.name, pairedItem])).toEqual([
    ["FatalError", { item: 0 }],
    ["FatalError", { item: 1 }],
  ]);
});

it("tries again before it goes on", async () => {
  const down = answer({}, { status: 500, statusText: "Oops" });
  await expect(ask({}, down, { continueOnFail: true, lastAttempt: false })).rejects.toThrow("500 Oops");
  expect((await ask({}, down, { continueOnFail: true })).outputs[0]?.[0]?.error?.httpStatus).toBe(500);
});

it("gives text when asked, and names the credential's slot", async () => {
  expect((await ask({ responseFormat: "text", responseField: "raw" })).json).toEqual([[{ raw: '{"data":{"ok":true}}' }]]);
  expect((await ask({ authentication: "credential" })).sent[0]?.credential).toBe("credential");
  await expect(ask({ endpoint: "shop" })).rejects.toThrow('"endpoint" (item 0): "shop" is not a valid URL');
  await expect(ask({ query: " " })).rejects.toThrow('"query" (item 0): is empty');
});

it("writes when the query may change something", () => {
  const effect = (query: string) => effectOf(graphql, { query });
  expect([effect("{ a }"), effect("query { a }"), effect("mutation { a }"), effect("={{ $json.query }}")]).toEqual([
    "read",
    "read",
    "write",
    "write",
  ]);
});
