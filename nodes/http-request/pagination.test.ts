import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse } from "@/flow/node/context";
import { credentialSlots } from "@/flow/node/define-node";
import { executeForTest, type TestVisit } from "../testing/execute";
import { httpRequest } from "./definition";

const answer = (value: Json, over: Partial<HttpResponse> = {}): Partial<HttpResponse> => ({
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)),
  ...over,
});

/** Runs the node against an API and tells what it asked for. */
async function page(parameters: JsonObject, api: (request: HttpRequest) => Partial<HttpResponse>, visit: TestVisit = {}) {
  const asked: HttpRequest[] = [];
  const outcome = await executeForTest("http-request", {
    ...visit,
    parameters: { url: "https://api.test/list", ...parameters },
    http: (request) => {
      asked.push(request);
      return api(request);
    },
  });
  return { ...outcome, asked, urls: asked.map(({ url }) => url) };
}

/** Three pages of two, then empty ones. */
const numbered = ({ url }: HttpRequest) => {
  const number = Number(new URL(url).searchParams.get("page") ?? 1);
  return answer(number <= 3 ? [{ id: number * 2 - 1 }, { id: number * 2 }] : []);
};
const byNumber = { pagination: "parameters", pageParameters: [{ in: "query", name: "page", value: "={{ $pageCount + 1 }}" }] };

describe("pages by number", () => {
  it("ends with the first empty answer, and pairs all items with the one that asked", async () => {
    const { json, outputs, urls } = await page({ ...byNumber, url: "https://api.test/list?size=2&page=9" }, numbered, { items: [{}] });
    expect(json[0]?.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(urls.map((url) => new URL(url).search)).toEqual([1, 2, 3, 4].map((number) => `?size=2&page=${number}`));
    expect(new Set(outputs[0]?.map(({ pairedItem }) => JSON.stringify(pairedItem)))).toEqual(new Set(['{"item":0}']));
  });

  it("ends at the limit of pages", async () => {
    expect((await page({ ...byNumber, limitPages: true, maxPages: 2 }, numbered)).json[0]).toHaveLength(4);
  });

  it("ends when an expression says so, with that page among the items", async () => {
    const complete = { paginationCompleteWhen: "expression", completeExpression: "={{ $response.body.last || $pageCount >= 5 }}" };
    const { json, asked } = await page({ ...byNumber, ...complete }, ({ url }) => answer({ url, last: url.endsWith("page=2") }));
    expect([asked.length, json[0]?.length]).toEqual([2, 2]);
    const counted = { paginationCompleteWhen: "expression", completeExpression: "{{ $pageCount >= 3 }}" };
    expect((await page({ ...byNumber, ...counted }, ({ url }) => answer({ url }))).asked).toHaveLength(3);
    await expect(page({ ...byNumber, paginationCompleteWhen: "expression" }, numbered)).rejects.toThrow(
      '"completeExpression" (item 0): is empty',
    );
  });

  it("ends at a status code, which is then no failure", async () => {
    const ending = { ...byNumber, paginationCompleteWhen: "statusCodes", completeStatusCodes: "404, 410" };
    const api = (request: HttpRequest) => (request.url.endsWith("=3") ? answer({ message: "gone" }, { status: 404 }) : numbered(request));
    expect((await page(ending, api)).json[0]).toHaveLength(4);
    await expect(page(ending, () => answer({}, { status: 500 }))).rejects.toThrow("answered 500");
    await expect(page({ ...ending, completeStatusCodes: "4xx" }, api)).rejects.toThrow("must be status codes");
  });

  it("stops when the answer stays the same, and says why", async () => {
    await expect(page(byNumber, () => answer([{ id: 1 }]))).rejects.toThrow("was the same 5 times");
  });

  it("fails, or goes on, like any other request", async () => {
    const api = ({ url }: HttpRequest) => (url.endsWith("=2") ? answer({}, { status: 500, statusText: "Oops" }) : answer([{ url }]));
    await expect(page(byNumber, api)).rejects.toThrow("answered 500 Oops");
    const { outputs } = await page(byNumber, api, { continueOnFail: true });
    expect(outputs[0]).toMatchObject([{ error: { httpStatus: 500 }, pairedItem: { item: 0 } }]);
  });
});

describe("what changes from page to page", () => {
  it("is a cursor that the first page does not have yet", async () => {
    const cursor = {
      pagination: "parameters",
      pageParameters: [{ in: "query", name: "after", value: "={{ $response.body.cursor }}" }],
      paginationCompleteWhen: "expression",
      completeExpression: "={{ !$response.body.cursor }}",
    };
    const { urls } = await page(cursor, ({ url }) =>
      answer(url.includes("after=a") ? { cursor: "b" } : url.includes("after=b") ? {} : { cursor: "a" }),
    );
    expect(urls).toEqual(["https://api.test/list", "https://api.test/list?after=a", "https://api.test/list?after=b"]);
  });

  it("is counted on from the request before", async () => {
    const skip = {
      queryFormat: "json",
      queryJson: { skip: 0 },
      pagination: "parameters",
      pageParameters: [{ in: "query", name: "skip", value: "={{ $pageCount === 0 ? 0 : Number($request.qs.skip) + 10 }}" }],
      limitPages: true,
      maxPages: 3,
    };
    const { urls } = await page(skip, ({ url }) => answer([url]));
    expect(urls.map((url) => new URL(url).search)).toEqual(["?skip=0", "?skip=10", "?skip=20"]);
  });

  it("is in the body or a header", async () => {
    const parameters = {
      method: "POST",
      body: "json",
      bodyFormat: "json",
      bodyJson: { query: { size: 2 } },
      headers: [{ name: "X-Page", value: "0" }],
      pagination: "parameters",
      pageParameters: [
        { in: "body", name: "query.page", value: "={{ $pageCount }}" },
        { in: "header", name: "x-page", value: "={{ $pageCount }}" },
      ],
      limitPages: true,
      maxPages: 2,
    };
    const { asked } = await page(parameters, ({ body }) => answer([body as string]));
    expect(asked.map(({ body }) => JSON.parse(String(body)))).toEqual([{ query: { size: 2, page: 0 } }, { query: { size: 2, page: 1 } }]);
    expect(asked.map(({ headers }) => headers?.["X-Page"])).toEqual(["0", "1"]);
    await expect(page({ ...parameters, body: "raw", bodyText: "x" }, numbered)).rejects.toThrow(
      'nothing can be set in a body of the kind "raw"',
    );
  });
});

describe("an idempotency key", () => {
  const keys = (asked: HttpRequest[]) => asked.map(({ headers }) => headers?.["idempotency-key"]);

  it("is each page's own, for each item and the same in every attempt, where pages are asked for by POST", async () => {
    const attempt = () => page({ ...byNumber, method: "POST", limitPages: true, maxPages: 3 }, numbered, { items: [{}, {}] });
    const sent = keys((await attempt()).asked).sort();
    expect(sent).toEqual([0, 1].flatMap((item) => ["", ":1", ":2"].map((end) => `exec_test:n1#0:${item}${end}`)));
    expect(keys((await attempt()).asked).sort()).toEqual(sent);
    const byUrl = { pagination: "nextUrl", nextUrl: "={{ $response.body.next }}", method: "POST" };
    const { asked } = await page(byUrl, ({ url }) => answer(url.endsWith("list") ? { next: "/list?p=2" } : {}));
    expect(keys(asked)).toEqual(["exec_test:n1#0:0", "exec_test:n1#0:0:1"]);
  });

  it("is left as its author gave it, and to what changes nothing none is given", async () => {
    const own = { ...byNumber, method: "POST", limitPages: true, maxPages: 2, headers: [{ name: "idempotency-key", value: "mine" }] };
    expect(keys((await page(own, numbered)).asked)).toEqual(["mine", "mine"]);
    expect(keys((await page({ ...byNumber, limitPages: true, maxPages: 2 }, numbered)).asked)).toEqual([undefined, undefined]);
  });
});

describe("pages by URL", () => {
  const byUrl = { pagination: "nextUrl", nextUrl: "={{ $response.body.next }}" };

  it("follows what the answers say, relative ones too, until there is none", async () => {
    const { urls, json } = await page(byUrl, ({ url }) =>
      answer(
        url.endsWith("list") ? { n: 1, next: "/list?p=2" } : url.endsWith("2") ? { n: 2, next: "https://api.test/list?p=3" } : { n: 3 },
      ),
    );
    expect(urls).toEqual(["https://api.test/list", "https://api.test/list?p=2", "https://api.test/list?p=3"]);
    expect(json[0]?.map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it("reads headers", async () => {
    const header = { ...byUrl, nextUrl: '={{ $response.headers.link?.match(/<([^>]+)>; rel="next"/)?.[1] }}' };
    const { urls } = await page(header, ({ url }) =>
      answer(
        [{ url }],
        url.endsWith("list") ? { headers: { "content-type": "application/json", link: '<https://api.test/2>; rel="next"' } } : {},
      ),
    );
    expect(urls).toEqual(["https://api.test/list", "https://api.test/2"]);
  });
});

describe("a credential", () => {
  it("is sent by its slot when authentication asks for one, on every page", async () => {
    const { asked } = await page({ ...byNumber, authentication: "credential" }, numbered);
    expect(new Set(asked.map(({ credential }) => credential))).toEqual(new Set(["credential"]));
    expect((await page({}, numbered)).asked[0]).not.toHaveProperty("credential");
    expect(credentialSlots(httpRequest, {})).toEqual([]);
    expect(credentialSlots(httpRequest, { authentication: "credential" })).toMatchObject([{ name: "credential", required: true }]);
  });
});
