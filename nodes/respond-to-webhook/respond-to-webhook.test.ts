import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const items = [{ a: 1 }, { a: 2 }];
const respond = async (parameters: JsonObject, given: JsonObject[] = items) =>
  (await executeForTest("respond-to-webhook", { parameters, items: given })).response;
const json = { "content-type": "application/json; charset=utf-8" };

describe("Respond to Webhook", () => {
  it("answers with items, alone or under a field", async () => {
    expect(await respond({})).toEqual({ status: 200, headers: json, body: '{"a":1}' });
    expect(await respond({ respondWith: "allItems" })).toEqual({ status: 200, headers: json, body: '[{"a":1},{"a":2}]' });
    expect(await respond({ respondWith: "allItems", responseKey: "data.items" })).toMatchObject({
      body: '{"data":{"items":[{"a":1},{"a":2}]}}',
    });
  });

  it("answers with JSON, text, a redirect or nothing", async () => {
    expect(await respond({ respondWith: "json", json: "={{ { total: $json.a + 1 } }}" })).toEqual({
      status: 200,
      headers: json,
      body: '{"total":2}',
    });
    expect(await respond({ respondWith: "json", json: '={"n": {{ $json.a }}}' })).toMatchObject({ body: '{"n":1}' });
    expect(await respond({ respondWith: "text", text: "=Hi {{ $json.a }}", status: 418 })).toEqual({
      status: 418,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "Hi 1",
    });
    expect(await respond({ respondWith: "redirect", redirectUrl: "https://example.com/a" })).toEqual({
      status: 302,
      headers: { location: "https://example.com/a" },
      body: "",
    });
    expect(await respond({ respondWith: "noData" })).toEqual({ status: 204, headers: {}, body: "" });
  });

  it("sends headers, of which the last word on the content type is theirs", async () => {
    const headers = [
      { name: "X-A", value: "1" },
      { name: "Content-Type", value: "text/csv" },
      { name: "", value: "" },
    ];
    expect((await respond({ respondWith: "text", text: "a,b", headers }))?.headers).toEqual({ "x-a": "1", "content-type": "text/csv" });
  });

  it("refuses what would break or abuse the answer", async () => {
    await expect(respond({ headers: [{ name: "a b", value: "1" }] })).rejects.toThrow('Parameter "headers[0].name"');
    await expect(respond({ headers: [{ name: "a", value: "1\r\nSet-Cookie: x=1" }] })).rejects.toThrow("has a line break in it");
    await expect(respond({ respondWith: "redirect", redirectUrl: "javascript:alert(1)" })).rejects.toThrow("not an http or https URL");
    await expect(respond({ respondWith: "json", json: "{" })).rejects.toThrow("is not valid JSON");
    await expect(respond({ status: 42 })).rejects.toThrow('Parameter "status"');
  });

  it("passes its items on", async () => {
    expect((await executeForTest("respond-to-webhook", { items })).json).toEqual([items]);
  });
});
