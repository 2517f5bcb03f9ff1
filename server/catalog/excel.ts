import { defineTool } from "@/flow/tools/define-tool";
import { choice, flag, list, number, required, text } from "./inputs";
import { getMe, graph, pages, top } from "./microsoft-graph";

const workbook = required(text("workbook", "Workbook", "Id of the file in OneDrive."));
const sheet = required(text("worksheet", "Worksheet", "Name or id."));
const table = required(text("table", "Table", "Name or id."));
const range = required(text("range", "Range", "Such as A1:C20."));
const rows = (name: string, label: string) =>
  required(list(name, label, 'A list for each row: [["Ada", 36], ["Bo", 41]].', { type: "array" }));
const root = "/me/drive/items/{workbook}/workbook";
const asTable = { items: "values", as: "table" } as const;
const rangeSample = {
  address: "Sheet1!A1:B2",
  rowCount: 2,
  columnCount: 2,
  values: [
    ["name", "age"],
    ["Ada", 36],
  ],
};
const sheetSample = { id: "{00000000-0001-0000-0000-000000000000}", name: "Sheet1", position: 0, visibility: "Visible" };
const tableSample = { id: "{B6C8D4C8-0000-4B8C-8B0E-2B1E6E3A9C11}", name: "Table1", showHeaders: true, showTotals: false };
const rowSample = { index: 1, values: [["Ada", 36]] };

export const excel = defineTool({
  key: "excel",
  name: "Microsoft Excel",
  description: "Rows, tables and worksheets of workbooks in OneDrive for work.",
  icon: "sheet",
  ...graph("Files.ReadWrite"),
  actions: [
    {
      key: "list-workbooks",
      name: "List workbooks",
      group: "Workbooks",
      endpoint: "/me/drive/root/search(q='.xlsx')",
      inputSchema: [top(200)],
      query: { $select: "id,name,webUrl,lastModifiedDateTime", $top: "{{inputs.top}}" },
      ...pages,
      sample: { value: [{ id: "01OSUKJ43ERJP2DLEHFRGJY35W3AFPXXN6", name: "Book.xlsx", webUrl: "https://contoso-my.sharepoint.com/…" }] },
    },
    {
      key: "read-rows",
      name: "Read the rows of a worksheet",
      description: "Its first row names the columns: one item for each further row.",
      group: "Rows",
      endpoint: `${root}/worksheets/{worksheet}/usedRange(valuesOnly=true)`,
      inputSchema: [workbook, sheet],
      response: asTable,
      sample: rangeSample,
    },
    {
      key: "read-range",
      name: "Read the rows of a range",
      description: "Its first row names the columns: one item for each further row.",
      group: "Rows",
      endpoint: `${root}/worksheets/{worksheet}/range(address='{range}')`,
      inputSchema: [workbook, sheet, range],
      response: asTable,
      sample: rangeSample,
    },
    {
      key: "get-range",
      name: "Get a range as it is",
      description: "With values, formulas, formats and address.",
      group: "Rows",
      endpoint: `${root}/worksheets/{worksheet}/range(address='{range}')`,
      inputSchema: [workbook, sheet, range],
      sample: rangeSample,
    },
    {
      key: "update-range",
      name: "Write a range",
      group: "Rows",
      method: "PATCH",
      endpoint: `${root}/worksheets/{worksheet}/range(address='{range}')`,
      inputSchema: [workbook, sheet, range, rows("values", "Values")],
      sample: rangeSample,
    },
    {
      key: "clear-range",
      name: "Clear a range",
      group: "Rows",
      method: "POST",
      endpoint: `${root}/worksheets/{worksheet}/range(address='{range}')/clear`,
      inputSchema: [workbook, sheet, range, choice("applyTo", "What", ["All", "Formats", "Contents"], { default: "All" })],
      sample: null,
    },
    {
      key: "clear-worksheet",
      name: "Clear a worksheet",
      group: "Worksheets",
      method: "POST",
      endpoint: `${root}/worksheets/{worksheet}/range/clear`,
      inputSchema: [workbook, sheet, choice("applyTo", "What", ["All", "Formats", "Contents"], { default: "All" })],
      sample: null,
    },
    {
      key: "list-worksheets",
      name: "List worksheets",
      group: "Worksheets",
      endpoint: `${root}/worksheets`,
      inputSchema: [workbook],
      ...pages,
      sample: { value: [sheetSample] },
    },
    {
      key: "add-worksheet",
      name: "Add a worksheet",
      group: "Worksheets",
      method: "POST",
      endpoint: `${root}/worksheets/add`,
      inputSchema: [workbook, text("name", "Name", { validation: { max: 31 } })],
      sample: sheetSample,
    },
    {
      key: "delete-worksheet",
      name: "Delete a worksheet",
      group: "Worksheets",
      method: "DELETE",
      endpoint: `${root}/worksheets/{worksheet}`,
      inputSchema: [workbook, sheet],
      sample: null,
    },
    {
      key: "list-tables",
      name: "List tables",
      group: "Tables",
      endpoint: `${root}/tables`,
      inputSchema: [workbook],
      ...pages,
      sample: { value: [tableSample] },
    },
    {
      key: "create-table",
      name: "Make a range a table",
      group: "Tables",
      method: "POST",
      endpoint: `${root}/worksheets/{worksheet}/tables/add`,
      inputSchema: [
        workbook,
        sheet,
        required(text("address", "Range", "Such as A1:C20.")),
        flag("hasHeaders", "Has headers", { default: true }),
      ],
      sample: tableSample,
    },
    {
      key: "delete-table",
      name: "Delete a table",
      description: "With what is in it.",
      group: "Tables",
      method: "DELETE",
      endpoint: `${root}/tables/{table}`,
      inputSchema: [workbook, table],
      sample: null,
    },
    {
      key: "convert-table-to-range",
      name: "Make a table a range",
      group: "Tables",
      method: "POST",
      endpoint: `${root}/tables/{table}/convertToRange`,
      inputSchema: [workbook, table],
      sample: rangeSample,
    },
    {
      key: "read-table",
      name: "Read the rows of a table",
      description: "One item for each row, by the names of the columns.",
      group: "Tables",
      endpoint: `${root}/tables/{table}/range`,
      inputSchema: [workbook, table],
      response: asTable,
      sample: rangeSample,
    },
    {
      key: "list-table-columns",
      name: "List the columns of a table",
      group: "Tables",
      endpoint: `${root}/tables/{table}/columns`,
      inputSchema: [workbook, table],
      query: { $select: "id,name,index" },
      ...pages,
      sample: { value: [{ id: "1", name: "name", index: 0 }] },
    },
    {
      key: "add-table-rows",
      name: "Add rows to a table",
      group: "Tables",
      method: "POST",
      endpoint: `${root}/tables/{table}/rows`,
      inputSchema: [workbook, table, rows("values", "Rows"), number("index", "Before row", "Counted from 0; at the end without.")],
      sample: rowSample,
    },
    {
      key: "delete-table-row",
      name: "Delete a row of a table",
      group: "Tables",
      method: "DELETE",
      endpoint: `${root}/tables/{table}/rows/itemAt(index={index})`,
      inputSchema: [workbook, table, required(number("index", "Row", "Counted from 0."))],
      sample: null,
    },
    getMe,
  ],
});
