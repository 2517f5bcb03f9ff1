import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { buildActionRequest } from "@/flow/tools/build-request";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { importTool } from "./import-tool";

const only = async (text: string) => {
  const { tool, actions, problems } = await importTool(text);
  const [action] = actions;
  if (!action) throw new Error("No action");
  const call = (given: JsonObject = {}) => {
    const { inputs = {} } = validateInputs(action.inputSchema, given);
    return buildActionRequest({ tool: { key: "tool", ...tool }, action, inputs, nonce: "abc" });
  };
  return { tool, action, problems, call };
};

describe("a curl command", () => {
  test("becomes a tool and an action, whose values are the inputs' defaults", async () => {
    const { tool, action, call } = await only(`curl -X POST 'https://api.shop.test/v1/orders?dry=1' \\
      -H "Authorization: Bearer sk-1234567890" -H 'X-Region: eu' -H 'Content-Type: application/json' \\
      --compressed -sS -d '{"title":"Tea \\u0026 more","count":2,"tags":["a"]}'`);
    expect(tool).toMatchObject({ name: "api.shop.test", baseUrl: "https://api.shop.test", auth: { type: "bearer" } });
    expect(action).toMatchObject({ method: "POST", endpoint: "/v1/orders", headers: { "X-Region": "eu" }, bodyType: "json" });
    expect(call()).toMatchObject({ url: "https://api.shop.test/v1/orders?dry=1", body: '{"title":"Tea & more","count":2,"tags":["a"]}' });
    expect(call({ title: "Milk", count: 1 }).body).toBe('{"title":"Milk","count":1,"tags":["a"]}');
  });

  test.each([
    ["-u user:secret-word", { type: "basic" }],
    ["-H 'X-Api-Key: secret-word'", { type: "apiKey", in: "header", name: "X-Api-Key" }],
    ["-H 'Authorization: Token secret-word'", { type: "apiKey", in: "header", name: "Authorization", prefix: "Token " }],
    ["-b 'session=secret-word'", { type: "custom", headers: { Cookie: "{{secrets.cookie}}" } }],
    ["--oauth2-bearer secret-word", { type: "bearer" }],
    ["-G -d api_key=secret-word", { type: "apiKey", in: "query", name: "api_key" }],
  ])("with %s keeps how calls prove who they are, and never the secret", async (options, auth) => {
    const made = await importTool(`curl https://a.test/x ${options}`);
    expect(made.tool.auth).toEqual(auth);
    expect(JSON.stringify(made)).not.toContain("secret-word");
  });

  test("sends forms, files and JSON as it did", async () => {
    expect((await only("curl https://a.test/x -d a=1 --data-urlencode 'b=x y'")).call()).toMatchObject({
      method: "POST",
      body: "a=1&b=x+y",
    });
    const { action } = await only("curl https://a.test/x -F note=hi -F 'file=@a.csv'");
    expect(action).toMatchObject({ bodyType: "multipart", body: { note: "{{inputs.note}}", file: "{{inputs.file}}" } });
    expect(action.inputSchema[1]).toMatchObject({ name: "file", control: "file", required: true });
    expect((await only(`curl --json '{"a":true}' https://a.test/x`)).call().body).toBe('{"a":true}');
    expect((await only("curl https://a.test/x -d a=1 -G")).call()).toMatchObject({ method: "GET", url: "https://a.test/x?a=1" });
    expect((await only(`curl $'https://a.test/x' -XPUT -d $'line\\nbreak' -H "Content-Type:text/plain"`)).call()).toMatchObject({
      method: "PUT",
      body: "line\nbreak",
    });
  });

  test("has placeholders in its path as inputs, and nothing of it is run", async () => {
    const { action } = await only("curl https://a.test/users/{id}/$(rm -rf /) ; echo done");
    expect(action.inputSchema.map(({ name }) => name)).toEqual(["id"]);
    expect(action.endpoint).toContain("/users/{id}/$(rm");
  });

  test.each([
    ["curl", "neither"],
    ["curl -X POST", "has no URL"],
    ["curl 'https://a.test", "not closed"],
    ["curl ftp://a.test/x", "is not a URL that begins with http"],
  ])("%j is refused in words", async (text, message) => {
    await expect(importTool(text)).rejects.toThrow(message);
  });
});

describe("a Postman collection", () => {
  const collection = (more: object) =>
    JSON.stringify({ info: { name: "Shop", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" }, ...more });
  const request = (name: string, definition: object) => ({ name, request: definition });

  test("becomes a tool with folders as groups, its variables filled in and others as inputs", async () => {
    const made = await importTool(
      collection({
        variable: [
          { key: "host", value: "{{protocol}}://api.shop.test" },
          { key: "protocol", value: "https" },
        ],
        auth: {
          type: "apikey",
          apikey: [
            { key: "key", value: "X-Key" },
            { key: "value", value: "secret-word" },
            { key: "in", value: "header" },
          ],
        },
        item: [
          {
            name: "Orders",
            item: [
              request("Get order", { method: "GET", url: { raw: "{{host}}/orders/:id?full={{full}}" } }),
              request("Create order", {
                method: "POST",
                url: "{{host}}/orders",
                header: [{ key: "X-Off", value: "1", disabled: true }],
                body: { mode: "raw", raw: '{"title":"Tea","count":{{count}}}', options: { raw: { language: "json" } } },
              }),
            ],
          },
          request("Sign in", {
            method: "POST",
            url: "{{host}}/login",
            body: { mode: "urlencoded", urlencoded: [{ key: "password", value: "secret-word" }] },
          }),
          request("Elsewhere", { method: "GET", url: "{{other}}/x" }),
        ],
      }),
    );
    expect(made.tool).toMatchObject({
      name: "Shop",
      baseUrl: "https://api.shop.test",
      auth: { type: "apiKey", in: "header", name: "X-Key" },
    });
    expect(made.actions.map(({ key, group, method, endpoint }) => [key, group, method, endpoint])).toEqual([
      ["get-order", "Orders", "GET", "/orders/{id}"],
      ["create-order", "Orders", "POST", "/orders"],
      ["sign-in", undefined, "POST", "/login"],
    ]);
    expect(made.actions[1]).toMatchObject({ bodyType: "json", body: { title: "{{inputs.title}}", count: "{{inputs.count}}" } });
    expect(made.problems).toEqual([
      { operation: "Elsewhere", message: 'its host is the variable "other", which the collection does not set', kind: "skipped" },
    ]);
    expect(made.found).toBe(4);
    expect(JSON.stringify(made)).not.toContain("secret-word");
  });

  test("with requests to another host lets the tool call there", async () => {
    const made = await importTool(
      collection({ item: [request("A", { url: "https://a.test/x" }), request("B", { url: "https://b.test/y" })] }),
    );
    expect(made.tool.allowedHosts).toEqual(["b.test"]);
    expect(made.actions[1]?.endpoint).toBe("https://b.test/y");
  });

  test("of which nothing can be called is refused", async () => {
    await expect(importTool(collection({ item: [] }))).rejects.toThrow("Nothing could be imported");
  });
});
