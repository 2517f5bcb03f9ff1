import { expect, test, vi } from "vitest";
import { JIRA_USER, jira } from "@/server/testing/services/jira";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool(
  "jira",
  { type: "basic_auth", fields: (origin) => ({ ...JIRA_USER, domain: origin.replace("http://", "") }) },
  jira,
);

test("A flow opens an issue for each item at the site of its credential, with what was given", async () => {
  const inputs = { project: "PROJ", summary: "={{ $json.title }}", description: "Plain *text*", priority: "High", labels: ["bug"] };
  const { status, lastItems } = await tool.run("create-issue", inputs, { items: [{ json: { title: "One" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.[0]?.json).toEqual({ id: "10000", key: "PROJ-24", self: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/rest/) });
  expect(tool.seen[0]?.json).toEqual({
    fields: {
      project: { key: "PROJ" },
      issuetype: { name: "Task" },
      summary: "One",
      description: "Plain *text*",
      priority: { name: "High" },
      labels: ["bug"],
    },
  });
});

test("A change sends only what changes, and answers with nothing", async () => {
  const { lastItems } = await tool.run("update-issue", { issue: "PROJ-1", assignee: "5b10", notify: false });
  expect(lastItems?.map(({ json }) => json)).toEqual([{}]);
  expect(tool.seen[0]).toMatchObject({ method: "PUT", query: { notifyUsers: "false" }, json: { fields: { assignee: { id: "5b10" } } } });
  expect((await tool.run("transition-issue", { issue: "PROJ-1", transition_id: "2" })).status).toBe("succeeded");
  expect(tool.seen[1]?.json).toEqual({ transition: { id: "2" } });
});

test("Searches and lists give all their pages", async () => {
  const found = await tool.run("search-issues", { jql: "project = PROJ", maxResults: 2 }, { returnAll: true });
  expect(found.lastItems?.map(({ json }) => json.key)).toEqual(["PROJ-1", "PROJ-2", "PROJ-3"]);
  const projects = await tool.run("list-projects", { maxResults: 2 }, { returnAll: true });
  expect(projects.lastItems?.map(({ json }) => json.key)).toEqual(["ONE", "TWO", "THREE"]);
});

test("A file is attached", async () => {
  const data = { mimeType: "text/csv", fileName: "a.csv", data: Buffer.from("1,2").toString("base64") };
  const { lastItems } = await tool.run("add-attachment", { issue: "PROJ-1", file: "data" }, { items: [{ json: {}, binary: { data } }] });
  expect(lastItems?.[0]?.json).toMatchObject({ filename: "a.csv" });
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("search-issues", { jql: " " });
  expect([status, error?.message]).toEqual(["failed", expect.any(String)]);
  const wrong = await tool.run("create-issue", { project: "NONE", summary: "One" });
  expect(wrong.error?.message).toContain("Specify a valid project ID or key");
  expect((await tool.call("get-issue", { issue: "PROJ-9" })).answer).toMatchObject({
    success: false,
    status: 404,
    data: { errorMessages: ["Issue does not exist or you do not have permission to see it."] },
  });
  expect((await tool.call("create-issue", { project: "PROJ" })).status).toBe(400);
});

test("The test button tells a good token from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Jira accepts it" });
  const fields = (origin: string) => ({ ...JIRA_USER, password: "of-somebody-else", domain: origin.replace("http://", "") });
  expect(await tool.test({ type: "basic_auth", fields })).toMatchObject({ ok: false });
});
