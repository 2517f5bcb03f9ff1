import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../item";
import { buildActionRequest } from "./build-request";
import { nextPage } from "./next-page";
import { answerFailure, answerItems, valueAt } from "./read-answer";
import { actionSchema, toolSchema } from "./schema";

const tool = toolSchema.parse({ key: "shop", name: "Shop", baseUrl: "https://api.shop.test/v1", auth: { type: "bearer" } });
const actionOf = (given: object) => actionSchema.parse({ key: "call", name: "Call", ...given });

describe("an answer", () => {
  test("is gone into by names, numbers and names with dots", () => {
    const answer = { data: [{ id: 1 }], "@odata.nextLink": "x" };
    expect(valueAt(answer, "data.0.id")).toBe(1);
    expect(valueAt(answer, ["@odata.nextLink"])).toBe("x");
    expect(valueAt(answer, "data.5.id")).toBeUndefined();
    expect(valueAt(answer, "constructor.name")).toBeUndefined();
    expect(valueAt([{ id: 1 }], "")).toEqual([{ id: 1 }]);
  });

  test("says by the action's rule that the call failed, why, and whether another try may help", () => {
    const slack = actionOf({ response: { failure: { path: "ok", equals: false, message: ["error"], retriable: ["ratelimited"] } } });
    expect(answerFailure(slack, { ok: true })).toBeNull();
    expect(answerFailure(slack, { ok: false, error: "no_text" })).toEqual({ reason: "no_text", retriable: false });
    expect(answerFailure(slack, { ok: false, error: "ratelimited" })?.retriable).toBe(true);
    const graphql = actionOf({ response: { failure: { path: "errors", message: ["errors.0.message"] } } });
    expect(answerFailure(graphql, { data: {}, errors: [] })).toBeNull();
    expect(answerFailure(graphql, { errors: [{ message: "Bad" }] })?.reason).toBe("Bad");
    expect(answerFailure(graphql, { errors: [{}] })?.reason).toBe("the service gave no reason");
    expect(answerFailure(actionOf({}), { ok: false })).toBeNull();
  });

  test("gives its list, its table as rows with names, and nothing where a list is left out", () => {
    expect(answerItems(actionOf({ response: { items: "items" } }), { items: [1, 2] })).toEqual([1, 2]);
    expect(answerItems(actionOf({ response: { items: "items" } }), { total: 0 })).toEqual([]);
    const table = actionOf({ response: { items: "values", as: "table" } });
    const values = [["Name", "", "Name"], ["Ada", "x"], [], ["Max", "", "y", "z"]];
    expect(answerItems(table, { values })).toEqual([
      { Name: "Ada", column_2: "x", Name_3: "" },
      { Name: "", column_2: "", Name_3: "" },
      { Name: "Max", column_2: "", Name_3: "y", column_4: "z" },
    ]);
    expect(answerItems(table, {})).toEqual([]);
  });
});

describe("the next page", () => {
  const next = (action: object, inputs: JsonObject, body: Json, headers: Record<string, string> = {}) => {
    const definition = actionOf({ endpoint: "/things", ...action });
    const request = buildActionRequest({ tool, action: definition, inputs, nonce: "n" });
    return nextPage(definition, request, { body, headers });
  };
  const search = (action: object, inputs: JsonObject, body: Json, headers?: Record<string, string>) => {
    const found = next(action, inputs, body, headers);
    return found && new URL(found.url).search;
  };

  test("is asked for by the cursor, in the query or deep in the body, until there is none", () => {
    const query = { pagination: { type: "cursor", path: "next", name: "cursor" } };
    expect(search(query, { limit: 2 }, { next: "a b" })).toBe("?limit=2&cursor=a+b");
    for (const end of [{}, { next: "" }, { next: null }] as Json[]) expect(search(query, {}, end)).toBeNull();
    const body = {
      method: "POST",
      bodyType: "json",
      body: { query: "q", variables: { first: 2 } },
      pagination: { type: "cursor", path: "page.end", more: "page.more", in: "body", name: "variables.after" },
    };
    expect(JSON.parse(String(next(body, {}, { page: { end: "x", more: true } })?.body))).toEqual({
      query: "q",
      variables: { first: 2, after: "x" },
    });
    expect(next(body, {}, { page: { end: "x", more: false } })).toBeNull();
  });

  test("is asked for by number or by what came before, until a page is short", () => {
    const byNumber = { pagination: { type: "page", name: "page", size: "size" } };
    expect(search(byNumber, { size: 2 }, [1, 2])).toBe("?size=2&page=2");
    expect(search(byNumber, { size: 2, page: 4 }, [1, 2])).toBe("?size=2&page=5");
    expect(search(byNumber, { size: 2 }, [1])).toBeNull();
    expect(search({ pagination: { type: "page", name: "page" } }, {}, [])).toBeNull();
    expect(search({ pagination: { type: "offset", name: "skip" } }, { skip: 10 }, [1, 2])).toBe("?skip=12");
    const byLast = { pagination: { type: "last", field: "user.id", name: "after", more: "more" }, response: { items: "list" } };
    expect(search(byLast, {}, { list: [{ user: { id: "7" } }], more: true })).toBe("?after=7");
    expect(search(byLast, {}, { list: [{ user: { id: "7" } }], more: false })).toBeNull();
    expect(search(byLast, {}, { list: [] })).toBeNull();
  });

  test("is where the service says, though never at another host", () => {
    const link = { pagination: { type: "link" } };
    const header = '<https://api.shop.test/v1/things?page=1>; rel="prev", <https://api.shop.test/v1/things?page=3>; rel="next"';
    expect(search(link, {}, [], { link: header })).toBe("?page=3");
    expect(search(link, {}, [], { link: '<https://api.shop.test/v1/things?page=1>; rel="first"' })).toBeNull();
    const url = { pagination: { type: "url", path: ["@odata.nextLink"] } };
    expect(search(url, {}, { "@odata.nextLink": "/v1/things?skip=2" })).toBe("?skip=2");
    expect(() => search(url, {}, { "@odata.nextLink": "https://evil.test/v1" })).toThrow("at another host, evil.test");
  });
});
