import { expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import type { HttpRequest } from "@/flow/node/context";
import { credentialSlots } from "@/flow/node/define-node";
import { actionSchema, toolSchema } from "@/flow/tools/schema";
import { executeForTest } from "../testing/execute";
import { pollForTest } from "../testing/poll";
import { actionTrigger } from "./definition";

const tool = toolSchema.parse({ key: "tracker", name: "Tracker", baseUrl: "https://tracker.test/api", auth: { type: "bearer" } });
const listIssues = actionSchema.parse({
  key: "list-issues",
  name: "List issues",
  endpoint: "/projects/{project}/issues",
  inputSchema: [{ name: "project", type: "string", required: true }],
  response: { items: "issues" },
  pagination: { type: "cursor", path: "next", name: "page" },
});
const json = (value: unknown) => ({
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(value)),
});
const parameters = { tool: "tracker", action: "list-issues", auth: "bearer", inputs: { project: "a b" } };

async function poll(answers: Record<string, unknown>, cursor: Json | null, more: JsonObject = {}, action: object = listIssues) {
  const requests: HttpRequest[] = [];
  const { events, cursor: next } = await pollForTest("action-trigger", {
    parameters: { ...parameters, ...more },
    cursor,
    action: async () => ({ ...(action as typeof listIssues), tool, version: 1 }),
    http: (request) => {
      requests.push(request);
      return json(answers[new URL(request.url).searchParams.get("page") ?? ""]);
    },
  });
  return { ids: events.map(({ id }) => id), next, requests };
}

it("calls the action with its inputs and credential, and gives what is new of what it lists", async () => {
  const first = await poll({ "": { issues: [{ id: 1 }] } }, null);
  expect(first.requests).toMatchObject([{ method: "GET", url: "https://tracker.test/api/projects/a%20b/issues", credential: "tool" }]);
  expect(first.ids).toEqual([]);
  expect((await poll({ "": { issues: [{ id: 3 }, { id: 2 }, { id: 1 }] } }, first.next)).ids).toEqual(["2", "3"]);
});

it("reads further pages where it is asked to, as many as it may", async () => {
  const pages = { "": { issues: [{ id: 3 }], next: "p2" }, p2: { issues: [{ id: 2 }], next: "p3" }, p3: { issues: [{ id: 1 }] } };
  const empty = (await poll({ "": { issues: [] } }, null)).next;
  expect((await poll(pages, empty)).ids).toEqual(["3"]);
  expect((await poll(pages, empty, { returnAll: true, maxPages: 2 })).ids).toEqual(["2", "3"]);
  expect((await poll(pages, empty, { returnAll: true })).ids).toEqual(["1", "2", "3"]);
});

it("finds the list in an answer whose action does not say where it is, or says that there is one", async () => {
  const plain = actionSchema.parse({ key: "list", name: "List", endpoint: "/list" });
  const answers = { "": { data: { rows: [{ key: "a" }] }, total: 1 } };
  const empty = (await poll({ "": { data: { rows: [] } } }, null, { listPath: "data.rows", idField: "key" }, plain)).next;
  expect((await poll(answers, empty, { listPath: "data.rows", idField: "key" }, plain)).ids).toEqual(["a"]);
  await expect(poll({ "": { rows: [{ id: 1 }], total: 1 } }, empty, {}, plain)).rejects.toThrow("There is one in: rows");
});

it("watches a single thing for changes", async () => {
  const show = actionSchema.parse({ key: "show", name: "Show", endpoint: "/page" });
  const watch = { mode: "changed" };
  const first = await poll({ "": { id: "page", text: "a", tags: [] } }, null, watch, show);
  const second = await poll({ "": { id: "page", text: "b", tags: [] } }, first.next, watch, show);
  expect([first.ids, second.ids]).toEqual([[], ["page#1"]]);
});

it("fetches each new entry with another action where it is asked to, and keeps what was listed of one that is gone", async () => {
  const getIssue = actionSchema.parse({
    key: "get-issue",
    name: "Get issue",
    endpoint: "/issues/{issue}",
    query: { view: "{{inputs.view}}" },
    inputSchema: [
      { name: "issue", type: "string", required: true },
      { name: "view", type: "string", required: false },
    ],
  });
  const asked: string[] = [];
  const { cursor } = await pollForTest("action-trigger", {
    parameters,
    action: async () => ({ ...listIssues, tool, version: 1 }),
    http: () => json({ issues: [] }),
  });
  const { events } = await pollForTest("action-trigger", {
    parameters: { ...parameters, details: "get-issue", detailsInput: "issue", detailsInputs: { view: "full" } },
    cursor,
    action: async ({ action }) => ({ ...(action === "get-issue" ? getIssue : listIssues), tool, version: 1 }),
    http: ({ url }) => {
      asked.push(url.slice("https://tracker.test/api".length));
      if (url.endsWith("/issues/2?view=full")) return { status: 404 };
      return json(url.includes("/projects/") ? { issues: [{ id: 2 }, { id: 1 }] } : { id: 1, text: "all of it" });
    },
  });
  expect(events).toEqual([
    { id: "1", item: { json: { id: 1, text: "all of it" } } },
    { id: "2", item: { json: { id: 2 } } },
  ]);
  expect(asked.sort()).toEqual(["/issues/1?view=full", "/issues/2?view=full", "/projects/a%20b/issues"]);
});

it("watches no action that changes something, and none whose inputs are missing", async () => {
  const write = actionSchema.parse({ key: "add", name: "Add", method: "POST", endpoint: "/add" });
  await expect(poll({}, null, {}, write)).rejects.toThrow('"Add" changes something');
  await expect(poll({}, null, { inputs: {} })).rejects.toThrow('Parameter "inputs.project"');
});

it("wants a credential of its tool, and shows the newest entry when it is run by hand", async () => {
  expect(credentialSlots(actionTrigger, parameters)).toMatchObject([{ name: "tool", tool: "tracker", required: true }]);
  expect(credentialSlots(actionTrigger, {})).toEqual([]);
  const { json: outputs } = await executeForTest("action-trigger", {
    parameters,
    action: async () => ({ ...listIssues, tool, version: 1 }),
    http: () => json({ issues: [{ id: 9 }, { id: 8 }] }),
  });
  expect(outputs).toEqual([[{ id: 9 }]]);
});
