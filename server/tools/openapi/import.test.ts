import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { buildActionRequest } from "@/flow/tools/build-request";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { importTool } from "../import-tool";

const base = { openapi: "3.0.3", info: { title: "Shop" }, servers: [{ url: "https://api.shop.test/v1" }] };
const importing = (document: object, options = {}) => importTool(JSON.stringify({ ...base, ...document }), options);
const operation = async (method: string, path: string, definition: object, document: object = {}) => {
  const made = await importing({ ...document, paths: { [path]: { [method]: definition } } });
  const action = made.actions[0];
  if (!action) throw new Error(JSON.stringify(made.problems));
  const call = (given: JsonObject) => {
    const { inputs, issues } = validateInputs(action.inputSchema, given);
    if (issues) throw new Error(JSON.stringify(issues));
    return buildActionRequest({ tool: { key: "shop", ...made.tool }, action, inputs, nonce: "abc" });
  };
  return { ...made, action, call, inputs: Object.fromEntries(action.inputSchema.map((each) => [each.name, each])) };
};
const parameter = (name: string, place: string, schema: object, more: object = {}) => ({ name, in: place, schema, ...more });

describe("an operation", () => {
  test("becomes an action with an input for each parameter, checked as the document says", async () => {
    const { action, inputs, call } = await operation("get", "/orders/{id}", {
      operationId: "getOrder",
      summary: "Get an order",
      tags: ["Orders"],
      parameters: [
        parameter("id", "path", { type: "integer", minimum: 1 }, { required: true }),
        parameter("state", "query", { type: "string", enum: ["open", "done"], default: "open" }),
        parameter("email", "query", { type: "string", format: "email", minLength: 3 }),
        parameter("fields", "query", { type: "array", items: { type: "string" } }, { explode: false }),
        parameter("filter", "query", { type: "object", properties: { a: { type: "string" } } }, { style: "deepObject" }),
        parameter("X-Trace", "header", { type: "string" }),
        parameter("Authorization", "header", { type: "string" }),
        parameter("session", "cookie", { type: "string" }),
      ],
      responses: { 200: { content: { "application/json": { example: { id: 1 } } } } },
    });
    expect(action).toMatchObject({
      key: "get-order",
      name: "Get an order",
      group: "Orders",
      method: "GET",
      endpoint: "/orders/{id}",
      sample: { id: 1 },
    });
    expect(inputs.id).toMatchObject({ type: "number", required: true, validation: { min: 1 } });
    expect(inputs.state).toEqual({
      name: "state",
      type: "enum",
      required: false,
      options: ["open", "done"],
      control: "select",
      description: "Default: open",
    });
    expect(inputs.email).toMatchObject({ type: "string", validation: { email: true, min: 3 } });
    expect(inputs).not.toHaveProperty("Authorization");
    const request = call({ id: 7, fields: ["a", "b"], filter: { a: "x" }, "X-Trace": "t", session: "s" });
    expect(decodeURIComponent(request.url)).toBe("https://api.shop.test/v1/orders/7?fields=a,b&filter[a]=x");
    expect(request.headers).toMatchObject({ "X-Trace": "t", Cookie: "session=s" });
    expect(() => call({ id: 0 })).toThrow("Number must be greater than or equal to 1");
  });

  test("fills nothing in by itself that the caller did not ask to change", async () => {
    const { call } = await operation("patch", "/repos/{repo}", {
      parameters: [parameter("repo", "path", { type: "string" })],
      requestBody: {
        content: {
          "application/json": {
            schema: { type: "object", properties: { private: { type: "boolean", default: false }, name: { type: "string" } } },
          },
        },
      },
    });
    expect(call({ repo: "a", name: "b" }).body).toBe('{"name":"b"}');
  });

  test("has its body's fields as inputs, through references, inheritance and alternatives", async () => {
    const { inputs, call } = await operation(
      "post",
      "/orders/{id}",
      { parameters: [parameter("id", "path", { type: "string" })], requestBody: { $ref: "#/components/requestBodies/Order" } },
      {
        components: {
          requestBodies: { Order: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } } } },
          schemas: {
            Order: {
              allOf: [
                { $ref: "#/components/schemas/Base" },
                {
                  type: "object",
                  required: ["lines"],
                  properties: {
                    lines: { type: "array", items: { $ref: "#/components/schemas/Line" } },
                    made: { type: "string", readOnly: true },
                  },
                },
              ],
              oneOf: [{ properties: { card: { type: "string" } } }, { properties: { iban: { type: "string" } } }],
            },
            Base: {
              type: "object",
              required: ["id"],
              properties: { id: { type: "string" }, parent: { $ref: "#/components/schemas/Order" } },
            },
            Line: {
              type: "object",
              required: ["sku"],
              properties: {
                sku: { type: "string" },
                kind: {
                  anyOf: [
                    { type: "string", enum: ["a"] },
                    { type: "string", enum: ["b"] },
                  ],
                },
              },
            },
          },
        },
      },
    );
    expect(Object.keys(inputs).sort()).toEqual(["body_id", "card", "iban", "id", "lines", "parent"]);
    expect(inputs.lines).toMatchObject({
      type: "array",
      required: true,
      schema: { items: { properties: { kind: { enum: ["a", "b"] } } } },
    });
    const request = call({ id: "1", body_id: "2", lines: [{ sku: "x" }] });
    expect(request).toMatchObject({ url: "https://api.shop.test/v1/orders/1" });
    expect(JSON.parse(String(request.body))).toEqual({ id: "2", lines: [{ sku: "x" }] });
    expect(() => call({ id: "1", body_id: "2", lines: [{}] })).toThrow("lines[0].sku");
  });

  test("sends forms, files and text as the document says", async () => {
    const body = (type: string, schema: object) => ({ requestBody: { required: true, content: { [type]: { schema } } } });
    const form = await operation("post", "/a", body("application/x-www-form-urlencoded", { properties: { a: { type: "string" } } }));
    expect(form.call({ a: "x y" })).toMatchObject({ body: "a=x+y" });
    const multipart = await operation(
      "post",
      "/a",
      body("multipart/form-data", { properties: { file: { type: "string", format: "binary" } } }),
    );
    expect(multipart.inputs.file?.control).toBe("file");
    const text = await operation("post", "/a", body("text/plain", { type: "string" }));
    expect(text.call({ body: "hello" })).toMatchObject({ body: "hello", headers: { "content-type": "text/plain" } });
    const list = await operation("post", "/a", body("application/json", { type: "array", items: { type: "string" } }));
    expect(list.call({ body: ["a"] }).body).toBe('["a"]');
  });

  test("that can't be read is told, and the rest is imported", async () => {
    const made = await importing({
      paths: {
        "/a": { get: { parameters: [parameter("__proto__", "query", { type: "string" })] }, post: {} },
        "/b/{id}": { get: {}, trace: {} },
        "/c": { $ref: "#/components/pathItems/none" },
        "/d": { get: { parameters: [{ $ref: "#/components/parameters/none" }], responses: {} } },
      },
    });
    expect(made).toMatchObject({ found: 4 });
    expect(made.actions.map(({ method, endpoint }) => `${method} ${endpoint}`)).toEqual(["POST /a", "GET /b/{id}", "GET /d"]);
    expect(made.problems.filter(({ kind }) => kind === "skipped").map(({ operation: where }) => where)).toEqual([
      "GET /a",
      "TRACE /b/{id}",
      "/c",
    ]);
    expect(made.problems.map(({ message }) => message).join("\n")).toMatch(
      /does not describe the path parameter "id"[\s\S]*components\/parameters\/none is not in the document/,
    );
  });

  test("on a server of its own is called there", async () => {
    const made = await importing({ paths: { "/up": { post: { servers: [{ url: "https://uploads.shop.test" }] } } } });
    expect(made.actions[0]?.endpoint).toBe("https://uploads.shop.test/up");
    expect(made.tool.allowedHosts).toEqual(["uploads.shop.test"]);
  });
});

describe("a document", () => {
  const paths = { "/a": { get: {} } };

  test("can be YAML, 3.1 or Swagger 2", async () => {
    const yaml =
      'openapi: 3.1.0\ninfo: {title: Shop}\nservers: [{url: "https://a.test"}]\npaths:\n  /a:\n    get:\n      parameters:\n        - {name: n, in: query, schema: {type: [integer, "null"]}}\n';
    expect((await importTool(yaml)).actions[0]?.inputSchema[0]).toMatchObject({ name: "n", type: "number" });
    const swagger = {
      swagger: "2.0",
      info: { title: "Old" },
      host: "old.test",
      basePath: "/v2",
      schemes: ["https"],
      securityDefinitions: { key: { type: "apiKey", in: "header", name: "X-Key" } },
      definitions: { Pet: { type: "object", properties: { name: { type: "string" } } } },
      paths: {
        "/pets": {
          post: { parameters: [{ in: "body", name: "pet", required: true, schema: { $ref: "#/definitions/Pet" } }] },
          get: { parameters: [{ in: "query", name: "tags", type: "array", items: { type: "string" } }] },
        },
      },
    };
    const old = await importTool(JSON.stringify(swagger));
    expect(old.tool).toMatchObject({ baseUrl: "https://old.test/v2", auth: { type: "apiKey", name: "X-Key" } });
    expect(old.actions[0]).toMatchObject({ bodyType: "json", body: { name: "{{inputs.name}}" } });
    expect(old.actions[1]).toMatchObject({ queryStyles: { tags: "comma" } });
  });

  test("says where to call: variables, a relative server, or what a person gives", async () => {
    const variables = { region: { default: "eu", enum: ["eu", "us"] } };
    const made = await importing({ paths, servers: [{ url: "https://{region}.shop.test/", variables }] });
    expect(made.tool.baseUrl).toBe("https://eu.shop.test");
    expect(made.problems[0]?.message).toContain('"region" is taken as "eu", one of 2');
    expect(
      (await importing({ paths, servers: [{ url: "/api" }] }, { sourceUrl: "https://shop.test/docs/openapi.json" })).tool.baseUrl,
    ).toBe("https://shop.test/api");
    await expect(importing({ paths, servers: [{ url: "/api" }] })).rejects.toThrow("Give the base URL");
    expect((await importing({ paths, servers: [] }, { baseUrl: "https://mine.test" })).tool.baseUrl).toBe("https://mine.test");
  });

  test.each([
    [{ a: { type: "http", scheme: "bearer" } }, { type: "bearer" }],
    [{ a: { type: "http", scheme: "basic" } }, { type: "basic" }],
    [{ a: { type: "apiKey", in: "query", name: "key" } }, { type: "apiKey", in: "query", name: "key" }],
    [{ a: { type: "apiKey", in: "cookie", name: "sid" } }, { type: "custom", headers: { Cookie: "sid={{secrets.api_key}}" } }],
    [
      {
        a: {
          type: "oauth2",
          flows: { authorizationCode: { authorizationUrl: "https://a.test/auth", tokenUrl: "https://a.test/token", scopes: { read: "" } } },
        },
      },
      { type: "oauth2", authorizationUrl: "https://a.test/auth", tokenUrl: "https://a.test/token", scopes: ["read"] },
    ],
  ])("says how calls prove who they are: %j", async (securitySchemes, auth) => {
    expect((await importing({ paths, components: { securitySchemes }, security: [{ a: [] }] })).tool.auth).toEqual(auth);
  });

  test.each([
    ["", "The document is empty"],
    ["{", "not valid JSON"],
    ["[]", "must be an object"],
    ["hello", "must be an object"],
    ["{}", "neither an OpenAPI document"],
    ['{"openapi":"4.0.0"}', "This is OpenAPI 4.0.0"],
    ['{"openapi":"3.0.0","servers":[{"url":"https://a.test"}],"paths":{}}', "has no operations"],
    [`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, "nested more than 200 levels"],
    [`openapi: ${"[".repeat(10_000)}`, "nested more than 200 levels"],
    [`${Array.from({ length: 600 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")} 1`, "nested"],
    [`a: &a [x]\nb: [${"*a,".repeat(1000)}]`, "neither JSON nor valid YAML"],
    ["x".repeat(32_000_001), "larger than 32 million characters"],
  ])("that is none is refused in words: %#", async (text, message) => {
    await expect(importTool(text)).rejects.toThrow(message);
  });

  test("cannot change what all objects are, or make the import go round for ever", async () => {
    const text = JSON.stringify({
      ...base,
      paths: { "/a": { post: { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/A" } } } } } } },
      components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } },
    }).replace('"paths"', '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"paths"');
    const made = await importTool(text);
    expect(made.actions).toHaveLength(1);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
