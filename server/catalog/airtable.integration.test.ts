import { expect, test, vi } from "vitest";
import { AIRTABLE_TOKEN, airtable } from "@/server/testing/services/airtable";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("airtable", { type: "bearer", fields: { token: AIRTABLE_TOKEN } }, airtable);
const table = { base_id: "app1", table: "My people" };

test("Records are listed by a formula, in an order, to the last page", async () => {
  const inputs = {
    ...table,
    filter_by_formula: "{Age} > 1",
    sort: [{ field: "Age", direction: "desc" }],
    fields: ["Age", "Name"],
    page_size: 2,
  };
  const { lastItems } = await tool.run("list-records", inputs, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["rec1", "rec2", "rec3"]);
  expect(tool.seen[0]?.query).toEqual({
    filterByFormula: "{Age} > 1",
    "sort[0][field]": "Age",
    "sort[0][direction]": "desc",
    "fields[]": "Name",
    pageSize: "2",
  });
});

test("A record is made or updated by its fields", async () => {
  const { lastItems } = await tool.run("upsert-record", { ...table, merge_on: ["Name"], fields: { Name: "Ada", Age: 36 } });
  expect(lastItems?.[0]?.json).toMatchObject({
    performUpsert: { fieldsToMergeOn: ["Name"] },
    records: [{ fields: { Name: "Ada", Age: 36 } }],
  });
});

test("A failure is told in Airtable's words, and the test button knows a bad token", async () => {
  const { error } = await tool.run("get-record", { ...table, record_id: "rec0" });
  expect(error?.message).toContain("answered 404 Not Found: NOT_FOUND");
  expect(await tool.test()).toEqual({ ok: true, message: "Airtable accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "token-of-somebody-else" } })).toMatchObject({ ok: false });
});
