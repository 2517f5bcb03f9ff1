import { describe, expect, it } from "vitest";
import { graphSchema } from "@/flow/graph/schema";
import { validateGraph } from "@/flow/graph/validate";
import type { JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse } from "@/flow/node/context";
import { credentialSlots, effectOf, isRepeatable } from "@/flow/node/define-node";
import { actionSchema, type ResolvedAction, toolSchema } from "@/flow/tools/schema";
import { nodeRegistry } from "../registry";
import { executeForTest, type TestVisit } from "../testing/execute";
import { action } from "./definition";

const tracker = toolSchema.parse({ key: "tracker", name: "Tracker", baseUrl: "https://tracker.test/api", auth: { type: "bearer" } });
const createIssue = actionSchema.parse({
  key: "create-issue",
  name: "Create issue",
  method: "POST",
  endpoint: "/projects/{project}/issues",
  headers: { "X-Source": "tolstoy" },
  bodyType: "json",
  body: { title: "{{inputs.title}}", labels: "{{inputs.labels}}", estimate: "{{inputs.estimate}}" },
  inputSchema: [
    { name: "project", type: "string", required: true },
    { name: "title", type: "string", required: true, validation: { min: 3 } },
    { name: "labels", type: "array", required: false },
    { name: "estimate", type: "number", required: false },
  ],
});

const json = (value: unknown): Partial<HttpResponse> => ({
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(value)),
});

/** Runs the node and gives what it asked for besides. */
async function run(
  visit: TestVisit & { definition?: Partial<ResolvedAction> },
  answer: (request: HttpRequest) => Partial<HttpResponse> = () => json({ id: 1 }),
) {
  const requests: HttpRequest[] = [];
  const { definition, ...rest } = visit;
  const outcome = await executeForTest("action", {
    action: async () => ({ ...createIssue, tool: tracker, version: 3, ...definition }),
    http: (request) => {
      requests.push(request);
      return answer(request);
    },
    ...rest,
    parameters: { tool: "tracker", action: "create-issue", ...rest.parameters },
  });
  return { ...outcome, requests };
}

const inputs = { project: "a/b", title: "={{ $json.title }}", labels: ["x"], estimate: "3" };

describe("an action on the canvas", () => {
  it("calls once for each item, with expressions resolved and values of their types", async () => {
    const { requests, outputs, ran } = await run({ parameters: { inputs }, items: [{ title: "One" }, { title: "Two" }] }, ({ body }) =>
      json([{ said: String(body) }, { more: true }]),
    );
    expect(requests.map(({ method, url, body, credential }) => ({ method, url, body: JSON.parse(String(body)), credential }))).toEqual(
      ["One", "Two"].map((title) => ({
        method: "POST",
        url: "https://tracker.test/api/projects/a%2Fb/issues",
        body: { title, labels: ["x"], estimate: 3 },
        credential: "tool",
      })),
    );
    expect(requests[0]?.headers).toMatchObject({
      "X-Source": "tolstoy",
      "content-type": "application/json",
      "idempotency-key": "exec_test:n1#0:0",
    });
    expect(outputs[0]?.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 1 }, { item: 1 }]);
    expect(ran).toEqual({ tool: "tracker", action: "create-issue", version: 3 });
  });

  it("names the input that is wrong, and the item", async () => {
    await expect(run({ parameters: { inputs: { ...inputs, title: "a" } } })).rejects.toMatchObject({
      name: "ParameterError",
      field: "inputs.title",
      message: 'Parameter "inputs.title" (item 0): String must contain at least 3 character(s)',
    });
    await expect(run({ parameters: { inputs: {} } })).rejects.toThrow("Required (and 1 more)");
  });

  it("fails in the service's words, and waits when it says so", async () => {
    const failing =
      (status: number, headers = {}) =>
      () => ({ ...json({ message: "No such project" }), status, statusText: "Oh", headers });
    await expect(run({ parameters: { inputs: { ...inputs, title: "abc" } } }, failing(404))).rejects.toMatchObject({
      message: "POST https://tracker.test/api/projects/a%2Fb/issues answered 404 Oh: No such project",
      httpStatus: 404,
    });
    await expect(run({ parameters: { inputs: { ...inputs, title: "abc" } } }, failing(429, { "retry-after": "7" }))).rejects.toMatchObject({
      name: "RetryAfterError",
      retryAfterMs: 7000,
    });
    const { json: given } = await run(
      { parameters: { inputs: { ...inputs, title: "abc" }, neverError: true, fullResponse: true } },
      failing(404),
    );
    expect(given[0]?.[0]).toMatchObject({ statusCode: 404 });
  });

  it("goes on with the other items when it is told to", async () => {
    const { outputs } = await run({ parameters: { inputs }, items: [{ title: "a" }, { title: "Two" }], continueOnFail: true });
    expect(outputs[0]?.map((item) => item.error?.field)).toEqual(["inputs.title", undefined]);
  });

  it("sends files of the item", async () => {
    const definition = {
      bodyType: "multipart" as const,
      body: { note: "{{inputs.title}}", doc: "{{inputs.doc}}" },
      inputSchema: [...createIssue.inputSchema, { name: "doc", type: "string" as const, required: true, control: "file" }],
    };
    const items = [{ json: { title: "Two" }, binary: { data: { mimeType: "text/csv", fileName: "a.csv", data: "MSwy" } } }];
    const { requests } = await run({ definition, items, parameters: { inputs: { ...inputs, doc: "data" } } });
    expect(new TextDecoder().decode(requests[0]?.body as Uint8Array)).toContain(
      'name="doc"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n',
    );
    await expect(run({ definition, items, parameters: { inputs: { ...inputs, doc: "other" } } })).rejects.toThrow(
      'the item has no file "other" (it has: data)',
    );
  });

  it("has the client put the secrets in, where the action says", async () => {
    const { requests } = await run({
      definition: { headers: { "X-Key": "k {{secrets.api_key}}" } },
      parameters: { inputs: { ...inputs, title: "{{secrets.api_key}}" } },
    });
    const [token = ""] = Object.keys(requests[0]?.credentialFields ?? {});
    expect(requests[0]?.credentialFields).toMatchObject({ [token]: "api_key" });
    expect(requests[0]?.headers?.["X-Key"]).toBe(`k ${token}`);
    expect(JSON.parse(String(requests[0]?.body)).title).toBe("{{secrets.api_key}}");
  });

  it("is called at the address of the credential's account", async () => {
    const tool = { ...tracker, baseUrl: "https://{{auth.domain}}/api" };
    const { requests } = await run({
      definition: { tool },
      credentials: { tool: { domain: "mine.tracker.test", token: "t" } },
      parameters: { inputs: { ...inputs, title: "abc" } },
    });
    expect(requests[0]?.url).toBe("https://mine.tracker.test/api/projects/a%2Fb/issues");
  });

  it("sends its key in the header that the service knows, and is only repeated while that is so", async () => {
    const parameters = { inputs: { ...inputs, title: "abc" }, repeatable: true };
    const { requests } = await run({ definition: { idempotencyHeader: "X-Request-Key" }, parameters });
    expect(requests[0]?.headers?.["x-request-key"]).toBe("exec_test:n1#0:0");
    await expect(run({ parameters })).rejects.toThrow('The action "Create issue" can no longer be repeated safely');
  });

  it("sends a key of its own with each page, since each is another request", async () => {
    const definition = { pagination: { type: "page", in: "query", name: "page", first: 1 } } as const;
    const parameters = { inputs: { ...inputs, title: "abc" }, returnAll: true, maxPages: 3 };
    const { requests } = await run({ definition, parameters }, () => json([{ id: 1 }]));
    expect(requests.map(({ headers }) => headers?.["idempotency-key"])).toEqual(["", ":1", ":2"].map((end) => `exec_test:n1#0:0${end}`));
  });

  it("does not run as something that only looks, once the action changes something", async () => {
    await expect(run({ parameters: { inputs, effect: "read" } })).rejects.toThrow(
      'The action "Create issue" changes something since it was edited',
    );
  });
});

describe("a placed action", () => {
  const graph = (parameters: JsonObject) =>
    graphSchema.parse({
      nodes: [
        { id: "start", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } },
        { id: "call", name: "Issue", type: "action", position: { x: 200, y: 0 }, parameters },
      ],
      edges: [{ id: "1", source: "start", target: "call" }],
    });

  it("needs a tool and an action", () => {
    expect(validateGraph(graph({}), nodeRegistry).map(({ field }) => field)).toEqual(["tool", "action"]);
  });

  it("reads or writes as its action does, and asks for a credential of its tool", () => {
    expect([effectOf(action, {}), effectOf(action, { effect: "read" })]).toEqual(["write", "read"]);
    expect(([{}, { effect: "read" }, { repeatable: true }] as JsonObject[]).map((each) => isRepeatable(action, each))).toEqual([
      false,
      true,
      true,
    ]);
    expect(credentialSlots(action, { tool: "tracker", auth: "bearer" })).toMatchObject([{ name: "tool", tool: "tracker", required: true }]);
    expect(credentialSlots(action, { tool: "tracker", auth: "none" })).toEqual([]);
  });
});
