import { expect, test, vi } from "vitest";
import { describeAction, searchActions } from "@/server/services/actions/search";
import { GITHUB_TOKEN, github } from "@/server/testing/services/github";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("github", { type: "bearer", fields: { token: GITHUB_TOKEN } }, github);
const repository = { owner: "octocat", repo: "hello" };

test("A flow opens an issue for each item", async () => {
  const inputs = { ...repository, title: "={{ $json.title }}", labels: ["bug"] };
  const { status, lastItems } = await tool.run("create-issue", inputs, { items: [{ json: { title: "One" } }, { json: { title: "Two" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.map(({ json }) => json)).toEqual([
    { number: 6, state: "open", title: "One", labels: ["bug"] },
    { number: 6, state: "open", title: "Two", labels: ["bug"] },
  ]);
  expect(tool.seen[0]).toMatchObject({
    method: "POST",
    path: "/repos/octocat/hello/issues",
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    json: { title: "One", labels: ["bug"] },
  });
});

test("A list follows the links to its further pages when all are wanted", async () => {
  const inputs = { ...repository, per_page: 2 };
  const one = await tool.run("list-issues", inputs);
  expect(one.lastItems?.map(({ json }) => json.number)).toEqual([1, 2]);
  const all = await tool.run("list-issues", inputs, { returnAll: true });
  expect(all.lastItems?.map(({ json }) => json.number)).toEqual([1, 2, 3, 4, 5]);
  const some = await tool.run("list-issues", inputs, { returnAll: true, maxPages: 2 });
  expect(some.lastItems).toHaveLength(4);
});

test("A file's text is sent as base64, and an answer without a body is an empty item", async () => {
  const { status } = await tool.run("create-file", { ...repository, path: "notes/a.md", message: "Add", content: "Grüße" });
  expect(status).toBe("succeeded");
  expect(tool.seen[0]?.json).toEqual({ message: "Add", content: Buffer.from("Grüße").toString("base64") });
  const locked = await tool.run("lock-issue", { ...repository, issue_number: 1 });
  expect(locked.lastItems?.map(({ json }) => json)).toEqual([{}]);
});

test("The API calls an action by its tool and name, and tells what the service says", async () => {
  const { status, answer } = await tool.call("create-issue", { ...repository, title: "One" });
  expect([status, answer.success, answer.status, answer.actionId]).toEqual([200, true, 201, "github.create-issue"]);
  expect(JSON.stringify(answer)).not.toContain(GITHUB_TOKEN);
  const missing = await tool.call("get-issue", { ...repository, repo: "none", issue_number: 1 });
  expect(missing.answer).toMatchObject({ success: false, status: 404, data: { message: "Not Found" } });
  expect((await tool.call("create-issue", repository)).status).toBe(400);
  expect((await tool.call("no-such-action", {})).status).toBe(404);
});

test("A flow fails in the service's words", async () => {
  const { status, error } = await tool.run("get-issue", { ...repository, repo: "none", issue_number: 1 });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 404 Not Found: Not Found")]);
});

test("The test button tells a good credential from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "GitHub accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "ghp_of-somebody-else" } })).toEqual({
    ok: false,
    message: "GitHub refuses it: it answered 401",
  });
});

test("An action is offered for the words of its tool and name, and described for its form", async () => {
  const { ctx } = tool;
  const [found] = await searchActions({ ctx, input: { search: "github create issue" } });
  expect(found).toMatchObject({
    tool: "github",
    toolName: "GitHub",
    icon: "git-branch",
    action: "create-issue",
    group: "Issues",
    effect: "write",
    auth: "oauth2",
  });
  const readable = await searchActions({ ctx, input: { search: "github issue", effect: "read" } });
  expect(new Set(readable.map(({ effect }) => effect))).toEqual(new Set(["read"]));
  const described = await describeAction({ ctx, input: { tool: "github", action: "create-issue" } });
  expect(described.inputSchema.map(({ name }) => name)).toEqual(["owner", "repo", "title", "body", "labels", "assignees", "milestone"]);
  expect(described.sample).toMatchObject({ number: 1347 });
});
