import { expect, test, vi } from "vitest";
import { GOOGLE_TOKEN, google } from "@/server/testing/services/google";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("google-sheets", { type: "bearer", fields: { token: GOOGLE_TOKEN } }, google);

test("Rows come as objects that the first row names", async () => {
  const { lastItems } = await tool.run("get-rows", { spreadsheet_id: "s1", range: "People!A1:B9" });
  expect(lastItems?.map(({ json }) => json)).toEqual([
    { Name: "Ada", Age: 36 },
    { Name: "Max", Age: "" },
  ]);
});

test("A row is appended for each item, its cells in their types", async () => {
  const inputs = { spreadsheet_id: "s1", range: "People", values: ["={{ $json.name }}", "={{ $json.age }}"] };
  const { lastItems } = await tool.run("append-row", inputs, { items: [{ json: { name: "Eva", age: 7 } }] });
  expect(lastItems?.map(({ json }) => json)).toEqual([{ spreadsheetId: "s1", option: "USER_ENTERED", values: [["Eva", 7]] }]);
});

test("Rows are found and written by the names of their columns", async () => {
  const place = { spreadsheet: "https://docs.google.com/spreadsheets/d/s1/edit", sheet: "People" };
  const read = await tool.runNode("google-sheets", { ...place, filters: [{ column: "Name", value: "Max" }] });
  expect(read.lastItems?.map(({ json }) => json)).toEqual([{ row_number: 3, Name: "Max", Age: "" }]);
  const items = [{ json: { Name: "Max", Age: 7 } }, { json: { Name: "Eva", Age: 1 } }];
  const written = await tool.runNode("google-sheets", { ...place, operation: "appendOrUpdate", matchOn: "Name" }, items);
  expect(written.error).toBeNull();
  expect(tool.seen.slice(-2).map(({ json }) => json)).toEqual([
    { valueInputOption: "USER_ENTERED", data: [{ range: "'People'!B3", values: [[7]] }] },
    { majorDimension: "ROWS", values: [["Eva", 1]] },
  ]);
});

test("A failure is told in Google's words, and the test button knows a bad token", async () => {
  const { error } = await tool.run("get-rows", { spreadsheet_id: "none", range: "A1" });
  expect(error?.message).toContain("answered 404 Not Found: Requested entity was not found.");
  expect(await tool.test()).toEqual({ ok: true, message: "Google Sheets accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "token-of-somebody-else" } })).toMatchObject({ ok: false });
});
