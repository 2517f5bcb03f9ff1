import { describe, expect, test } from "vitest";
import type { JsonObject } from "../item";
import { buildActionRequest } from "./build-request";
import { checkAction, checkTool } from "./check-action";
import { actionSchema, toolSchema } from "./schema";

const NONCE = "0123456789abcdef";
const toolOf = (given: object = {}) => toolSchema.parse({ key: "shop", name: "Shop", baseUrl: "https://api.shop.test/v1", ...given });
const string = (name: string) => ({ name, type: "string" });
const actionOf = (given: object) => actionSchema.parse({ key: "call", name: "Call", ...given });
const build = (action: object, inputs: JsonObject = {}, tool: object = {}, files = {}) =>
  buildActionRequest({ tool: toolOf(tool), action: actionOf(action), inputs, nonce: NONCE, files });
/** What the guarded client makes of it, in place of tokens; encoding is its own matter. */
const filled = (request: ReturnType<typeof build>, fields: Record<string, string>) => {
  let text = JSON.stringify({ ...request, credentialFields: undefined });
  for (const [token, field] of Object.entries(request.credentialFields ?? {})) text = text.replaceAll(token, fields[field] ?? "?");
  return JSON.parse(text) as ReturnType<typeof build>;
};
const sent = (action: object, inputs: JsonObject, fields: Record<string, string>, tool: object = {}) =>
  filled(build(action, inputs, tool), fields);
const text = (body: string | Uint8Array | undefined) => (body instanceof Uint8Array ? new TextDecoder().decode(body) : body);

describe("a path", () => {
  test("has its parameters encoded, and stays the path that it is", () => {
    expect(build({ endpoint: "/orders/{id}/lines/{{inputs.line}}" }, { id: "a/b?c#d", line: "ü" }).url).toBe(
      "https://api.shop.test/v1/orders/a%2Fb%3Fc%23d/lines/%C3%BC",
    );
    expect(build({ endpoint: "orders" }).url).toBe("https://api.shop.test/v1/orders");
    expect(build({ endpoint: "" }, {}, { baseUrl: "https://api.shop.test/" }).url).toBe("https://api.shop.test/");
  });

  test.each(["..", ".", ""])("refuses the value %j, which would make it another path", (id) => {
    expect(() => build({ endpoint: "/orders/{id}" }, { id })).toThrow(/The input "id" is part of the path and must not be/);
  });

  test("cannot be led to another host by an input", () => {
    for (const id of ["@evil.test", "//evil.test", "\\\\evil.test", "https://evil.test/", ":80@evil.test"]) {
      expect(new URL(build({ endpoint: "/{id}" }, { id }).url).host).toBe("api.shop.test");
      expect(new URL(build({ endpoint: "{id}" }, { id }).url).host).toBe("api.shop.test");
    }
  });

  test("may name another host where the tool allows it, and only there", () => {
    const upload = { endpoint: "https://uploads.shop.test/files" };
    expect(() => build(upload)).toThrow('"uploads.shop.test" is not a host of this tool');
    expect(build(upload, {}, { allowedHosts: ["uploads.shop.test"] }).url).toBe("https://uploads.shop.test/files");
    expect(build(upload, {}, { allowedHosts: ["*.shop.test"] }).url).toBe("https://uploads.shop.test/files");
    expect(actionSchema.safeParse({ key: "a", name: "a", endpoint: "https://{host}/x" }).success).toBe(false);
    expect(actionSchema.safeParse({ key: "a", name: "a", endpoint: "https://shop.test@evil.test/x" }).success).toBe(false);
    expect(actionSchema.safeParse({ key: "a", name: "a", endpoint: "//evil.test/x" }).success).toBe(false);
  });
});

describe("a query", () => {
  test("leaves out what was not given and writes lists as the service wants them", () => {
    const query = {
      q: "{{inputs.q}}",
      a: "{{inputs.list}}",
      b: "{{inputs.list}}",
      c: "{{inputs.list}}",
      none: "{{inputs.none}}",
      f: "{{inputs.filter}}",
    };
    const { url } = build(
      { query, queryStyles: { b: "comma", c: "brackets", f: "brackets" } },
      { q: "x y&z", list: [1, 2], filter: { from: 1 } },
    );
    expect(decodeURIComponent(new URL(url).search)).toBe("?q=x y&z&a=1&a=2&b=1,2&c[]=1&c[]=2&f[from]=1");
    expect(url).toContain("q=x%20y%26z");
  });

  test("takes what nothing else names when the method has no body", () => {
    expect(build({ endpoint: "/orders/{id}" }, { id: "1", page: 2 }).url).toBe("https://api.shop.test/v1/orders/1?page=2");
  });
});

describe("headers", () => {
  test("refuse a line break that an input brings", () => {
    expect(() => build({ headers: { "X-Name": "n {{inputs.name}}" } }, { name: "a\r\nX-Admin: 1" })).toThrow(
      'The value of the header "X-Name" has a line break in it; headers are one line',
    );
  });

  test("leave out what was not given; a cookie keeps those that were", () => {
    const headers = { "X-A": "{{inputs.a}}", Cookie: "s={{inputs.s}}; t={{inputs.t}}" };
    expect(build({ headers }, { t: "1; u=2" }).headers).toEqual({ Cookie: "t=1%3B%20u%3D2", accept: expect.any(String) });
  });
});

describe("a body", () => {
  test("keeps the types of what stands alone, and leaves out what was not given", () => {
    const body = {
      title: "{{inputs.title}}",
      labels: "{{inputs.labels}}",
      note: "By {{inputs.who}}",
      none: "{{inputs.none}}",
      nested: { a: "{{inputs.none}}" },
    };
    const request = build({ method: "POST", bodyType: "json", body }, { title: 'a"b', labels: ["x"], who: "me" });
    expect(JSON.parse(text(request.body) ?? "")).toEqual({ title: 'a"b', labels: ["x"], note: "By me" });
    expect(request.headers["content-type"]).toBe("application/json");
  });

  test("has a value for each entry of an input, and no list at all where there is none", () => {
    const address = { email: "{{inputs.to}}", name: "{{inputs.name}}" };
    const body = { to: { $each: "to", value: address }, cc: { $each: "cc", value: "{{inputs.cc}}" }, bcc: [{ email: "{{inputs.bcc}}" }] };
    const sentBody = (inputs: JsonObject) => JSON.parse(text(build({ method: "POST", bodyType: "json", body }, inputs).body) ?? "");
    expect(sentBody({ to: "a@x.test, b@x.test;", name: "N", bcc: "c@x.test" })).toEqual({
      to: [
        { email: "a@x.test", name: "N" },
        { email: "b@x.test", name: "N" },
      ],
      bcc: [{ email: "c@x.test" }],
    });
    expect(sentBody({ to: [1], cc: ["{{secrets.key}}"] })).toEqual({ to: [{ email: 1 }], cc: ["{{secrets.key}}"] });
  });

  test("is the inputs that nothing else names, where none is described", () => {
    const request = build(
      { method: "POST", endpoint: "/issues/{id}", inputSchema: [string("id"), string("summary")] },
      { id: "1", summary: "s" },
    );
    expect(request).toMatchObject({ url: "https://api.shop.test/v1/issues/1", body: '{"summary":"s"}' });
  });

  test("can be a form, a form with files, text or a file", () => {
    const form = { method: "POST", bodyType: "form", body: { a: "{{inputs.a}}", card: { number: "{{inputs.n}}" } } };
    expect(decodeURIComponent(text(build({ ...form, formStyle: "indices" }, { a: [1, 2], n: "4" }).body) ?? "")).toBe(
      "a[0]=1&a[1]=2&card[number]=4",
    );
    expect(text(build({ method: "POST", bodyType: "text", body: "<a>{{inputs.a}}</a>", contentType: "text/xml" }, { a: "x" }).body)).toBe(
      "<a>x</a>",
    );
    const files = { doc: { bytes: new TextEncoder().encode("1,2"), fileName: 'a"b.csv', mimeType: "text/csv" } };
    const multipart = build(
      { method: "POST", bodyType: "multipart", body: { note: "{{inputs.note}}", doc: "{{inputs.doc}}" } },
      { note: "hi", doc: "doc" },
      {},
      files,
    );
    expect(text(multipart.body)).toBe(
      `------tolstoy-form-${NONCE}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n------tolstoy-form-${NONCE}\r\nContent-Disposition: form-data; name="doc"; filename="a%22b.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n------tolstoy-form-${NONCE}--\r\n`,
    );
    expect(build({ method: "PUT", bodyType: "binary", body: "{{inputs.doc}}" }, { doc: "doc" }, {}, files)).toMatchObject({
      headers: { "content-type": "text/csv" },
    });
  });
});

describe("secrets", () => {
  const action = {
    method: "POST",
    endpoint: "/{{secrets.account}}/x",
    headers: { Authorization: "Bearer {{auth.access_token}}" },
    bodyType: "json",
    body: { key: "k={{secrets.key}}", said: "{{inputs.said}}" },
  };
  const fields = { account: "a-b", access_token: "tok", key: "q" };

  test("are nowhere in what is built, and where they belong in what is sent", () => {
    const built = build(action, { said: "hello" });
    expect(JSON.stringify(built)).not.toContain("{{");
    expect(filled(built, fields)).toEqual({
      method: "POST",
      url: "https://api.shop.test/v1/a-b/x",
      headers: expect.objectContaining({ Authorization: "Bearer tok" }),
      body: JSON.stringify({ key: "k=q", said: "hello" }),
    });
  });

  test("can't be asked for by an input that is written like a template", () => {
    const request = sent(action, { said: "{{secrets.key}} {{auth.access_token}}" }, fields);
    expect(JSON.parse(text(request.body) ?? "").said).toBe("{{secrets.key}} {{auth.access_token}}");
  });

  test("go where the tool's way of proving who calls puts them", () => {
    expect(sent({}, {}, { api_key: "k" }, { auth: { type: "apiKey", name: "X-Key", prefix: "Token " } }).headers["X-Key"]).toBe("Token k");
    expect(sent({}, {}, { api_key: "ab" }, { auth: { type: "apiKey", in: "query", name: "key" } }).url).toBe(
      "https://api.shop.test/v1?key=ab",
    );
    expect(sent({}, {}, { a: "1" }, { auth: { type: "custom", headers: { "X-A": "{{secrets.a}}" } } }).headers["X-A"]).toBe("1");
    const both = sent({ headers: { "X-A": "{{secrets.a}}" } }, {}, { a: "1", access_token: "t" }, { auth: { type: "bearer" } });
    expect(both.headers).toMatchObject({ "X-A": "1", authorization: "Bearer t" });
    expect(build({}, {}, { auth: { type: "bearer" } })).not.toHaveProperty("credentialFields");
  });

  test("may name the host of an account, and nothing more of the address than that", () => {
    const call = (domain: string) =>
      buildActionRequest({
        tool: toolOf({ baseUrl: "https://{{auth.domain}}/rest" }),
        action: actionOf({}),
        inputs: {},
        account: { domain },
        nonce: NONCE,
      });
    expect(call("https://mine.shop.test/").url).toBe("https://mine.shop.test/rest");
    expect(call("http://localhost:11434").url).toBe("http://localhost:11434/rest");
    for (const domain of ["evil.test/?x=", "a@evil.test", "evil.test#", "a b"]) expect(() => call(domain)).toThrow("is not a host name");
    expect(() => build({}, {}, { baseUrl: "https://{{auth.domain}}/rest" })).toThrow('choose a credential with "domain"');
  });
});

describe("a definition", () => {
  const tool = toolOf();
  const check = (action: object) => checkAction(actionOf(action), tool);

  test("is told what its templates name that is not there, and where", () => {
    expect(
      check({ endpoint: "/{id}", headers: { "X-A": "{{inputs.titel}}" }, body: { list: ["{{inputs.a"] }, inputSchema: [string("title")] }),
    ).toEqual([
      { field: "endpoint", message: "{id}: the action has no input of that name (it has: title)" },
      { field: "headers.X-A", message: '{{inputs.titel}}: the action has no input "titel" (it has: title)' },
      { field: "body", message: 'body.list[0]: the "{{" at character 1 is not closed with "}}"' },
    ]);
    expect(check({ query: { q: "{{env.HOME}}" } })[0]?.message).toContain("{{env.HOME}} is unknown");
    expect(check({ query: { q: "{{inputs}}" } })[0]?.message).toContain("names no value");
    expect(check({ endpoint: "https://evil.test/" })).toEqual([
      { field: "endpoint", message: expect.stringContaining('"evil.test" is not a host') },
    ]);
    expect(check({ endpoint: "/{id}", inputSchema: [string("id")], body: "{{inputs.id}}{{auth.a}}{{secrets.b c}}" })).toEqual([]);
  });

  test("of a tool has no inputs, no password and one host", () => {
    expect(checkTool(toolOf({ auth: { type: "custom", headers: { a: "{{inputs.x}}" } } }))).toEqual([
      { field: "auth.headers.a", message: "{{inputs.x}}: a tool has no inputs, only its actions have" },
    ]);
    for (const baseUrl of ["ftp://a.test", "https://u:p@a.test", "https://{{inputs.host}}/", "a.test", "https://a.test/?x=1"]) {
      expect(toolSchema.safeParse({ key: "a", name: "a", baseUrl }).success).toBe(false);
    }
  });

  test("may name inputs with any characters", () => {
    const name = 'filter[a.b]"x';
    expect(build({ query: { q: `{{inputs.["${name.replace(/["\\]/g, "\\$&")}"]}}` } }, { [name]: "v" }).url).toBe(
      "https://api.shop.test/v1?q=v",
    );
  });
});
