import { expect, test, vi } from "vitest";
import { GRAPH_TOKEN, microsoftGraph } from "@/server/testing/services/microsoft-graph";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("excel", { type: "bearer", fields: { token: GRAPH_TOKEN } }, microsoftGraph);
const workbook = "book";

test("Rows are items by the names of the columns, of a sheet and of a range", async () => {
  const people = [
    { name: "Ada", age: 36 },
    { name: "Bo", age: 41 },
  ];
  expect((await tool.run("read-rows", { workbook, worksheet: "Sheet1" })).lastItems?.map(({ json }) => json)).toEqual(people);
  const { lastItems } = await tool.run("read-range", { workbook, worksheet: "Sheet1", range: "A1:B3" });
  expect(lastItems?.map(({ json }) => json)).toEqual(people);
});

test("Rows are added to a table, and those that do not fit are refused in the service's words", async () => {
  const inputs = { workbook, table: "Table1", values: "={{ [[$json.name, $json.age]] }}" };
  const { status } = await tool.run("add-table-rows", inputs, { items: [{ json: { name: "Cy", age: 7 } }] });
  expect([status, tool.seen[0]?.json]).toEqual(["succeeded", { values: [["Cy", 7]] }]);
  const wrong = await tool.run("add-table-rows", { workbook, table: "Table1", values: [["Cy"]] });
  expect(wrong.error?.message).toContain("answered 400 Bad Request: The argument is invalid or missing");
  expect((await tool.call("read-rows", { workbook: "none", worksheet: "Sheet1" })).answer).toMatchObject({ success: false, status: 404 });
  expect(await tool.test()).toEqual({ ok: true, message: "Microsoft Excel accepts it" });
});
