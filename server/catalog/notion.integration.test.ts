import { expect, test, vi } from "vitest";
import { NOTION_TOKEN, notion } from "@/server/testing/services/notion";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("notion", { type: "bearer", fields: { token: NOTION_TOKEN } }, notion);

test("A database is read to its end by the cursor in the body", async () => {
  const filter = { property: "Done", checkbox: { equals: true } };
  const { lastItems } = await tool.run("query-database", { database_id: "db", page_size: 2, filter }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["a", "b", "c"]);
  expect(tool.seen.map(({ json }) => json)).toEqual([
    { filter, page_size: 2 },
    { filter, page_size: 2, start_cursor: "2" },
  ]);
});

test("A page is made in a database, expressions inside of its properties too", async () => {
  const properties = { Name: { title: [{ text: { content: "={{ $json.name }}" } }] } };
  const { lastItems } = await tool.run("create-database-page", { database_id: "db", properties }, { items: [{ json: { name: "Tea" } }] });
  expect(lastItems?.[0]?.json).toMatchObject({
    parent: { database_id: "db" },
    properties: { Name: { title: [{ text: { content: "Tea" } }] } },
  });
});

test("A failure is told in Notion's words, and the test button knows a bad token", async () => {
  const { error } = await tool.run("get-page", { page_id: "x" });
  expect(error?.message).toContain("Could not find page with ID: x.");
  expect(await tool.test()).toEqual({ ok: true, message: "Notion accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "token-of-somebody-else" } })).toMatchObject({ ok: false });
});
