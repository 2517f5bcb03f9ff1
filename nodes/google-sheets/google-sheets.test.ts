import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import type { HttpRequest } from "@/flow/node/context";
// The real tool: what this node asks for only shows in its requests. Product code of `nodes/` never imports it.
import { readyAction } from "@/server/catalog/ready-action";
import { executeForTest } from "../testing/execute";

const column = (name: string): number => [...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** One spreadsheet of a single sheet, "People" with the number 7, as the API of Google answers. */
function fakeSheet(cells: Json[][]) {
  const asked: string[] = [];
  const put = (range: string, values: Json[][]): void => {
    const [, letters = "A", row = "1"] = /!([A-Z]+)(\d+)/.exec(range) ?? [];
    values.forEach((line, down) => {
      const target = cells[Number(row) - 1 + down] ?? [];
      cells[Number(row) - 1 + down] = target;
      line.forEach((value, right) => {
        while (target.length < column(letters) + right) target.push("");
        target[column(letters) + right] = value;
      });
    });
  };
  const answer = ({ method, url, body }: HttpRequest): JsonObject => {
    const { pathname } = new URL(url);
    const path = decodeURIComponent(pathname).replace("/v4/spreadsheets/s1", "");
    const json = (body === undefined ? {} : JSON.parse(String(body))) as {
      values?: Json[][];
      data?: { range: string; values: Json[][] }[];
    };
    asked.push(`${method} ${path}`);
    if (path === "") return { sheets: [{ properties: { sheetId: 7, title: "People" } }] };
    if (path === "/values:batchUpdate") {
      for (const { range, values } of json.data ?? []) put(range, values);
      return {};
    }
    const [, range = ""] = /^\/values\/(.*?)(?::append)?$/.exec(path) ?? [];
    if (!range.startsWith("'People'")) throw new Error(`There is no ${range}`);
    if (path.endsWith(":append")) {
      for (const line of json.values ?? []) cells.push(line);
      return {};
    }
    if (method === "PUT") {
      put(range, json.values ?? []);
      return {};
    }
    const row = /!(\d+):\1$/.exec(range)?.[1];
    const part = /!([A-Z]+)(\d+):/.exec(range);
    if (row !== undefined) return { values: cells[Number(row) - 1] ? [cells[Number(row) - 1] as Json] : [] };
    if (part) return { values: cells.slice(Number(part[2]) - 1).map((line) => line.slice(column(part[1] as string))) };
    return { values: cells };
  };
  const run = async (parameters: JsonObject, items: JsonObject[] = [{}]) => {
    const http = (request: HttpRequest) => ({
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(answer(request))),
    });
    const action = async (reference: { tool: string; action: string }) => {
      const found = await readyAction(reference);
      if (!found) throw new Error(`There is no ${reference.action}`);
      return found;
    };
    return executeForTest("google-sheets", { parameters: { spreadsheet: "s1", sheet: "People", ...parameters }, items, http, action });
  };
  return { run, asked, cells };
}

const people = () => fakeSheet([["Name", "Age", ""], ["Ada", 36, "x"], [], ["Max", 7], ["Ada", 40]]);

describe("rows are read", () => {
  it("as items by their columns, each with its number", async () => {
    const sheet = people();
    expect((await sheet.run({})).json[0]).toEqual([
      { row_number: 2, Name: "Ada", Age: 36, col_3: "x" },
      { row_number: 4, Name: "Max", Age: 7, col_3: "" },
      { row_number: 5, Name: "Ada", Age: 40, col_3: "" },
    ]);
    expect(sheet.asked).toEqual(["GET /values/'People'"]);
  });

  it("only where columns hold values, for each item out of one answer", async () => {
    const sheet = people();
    const filters = [{ column: "Name", value: "={{ $json.who }}" }];
    const { outputs } = await sheet.run({ filters }, [{ who: "Ada" }, { who: "Max" }, { who: "Eva" }]);
    expect(outputs[0]?.map(({ json, pairedItem }) => [json.row_number, pairedItem])).toEqual([
      [2, { item: 0 }],
      [5, { item: 0 }],
      [4, { item: 1 }],
    ]);
    expect(sheet.asked).toHaveLength(1);
    const both = [...filters, { column: "Age", value: "40" }];
    expect((await sheet.run({ filters: both }, [{ who: "Ada" }])).json[0]).toMatchObject([{ row_number: 5 }]);
    expect((await sheet.run({ filters: both, combine: "or" }, [{ who: "Max" }])).json[0]).toHaveLength(2);
    expect((await sheet.run({ filters, firstMatchOnly: true }, [{ who: "Ada" }])).json[0]).toHaveLength(1);
    await expect(sheet.run({ filters: [{ column: "Nam", value: 1 }] })).rejects.toThrow('no column "Nam"');
  });

  it("of a part of the sheet, of a header further down, of a sheet by its number and of the first one", async () => {
    const sheet = fakeSheet([["a title"], ["", "K", "V"], ["", 1, 2]]);
    const row = { K: 1, V: 2 };
    expect((await sheet.run({ range: "B2:C" })).json[0]).toEqual([{ row_number: 3, ...row }]);
    expect((await sheet.run({ headerRow: 2 })).json[0]).toMatchObject([{ row_number: 3, ...row }]);
    expect((await sheet.run({ sheet: "gid=7", range: "B2:C" })).json[0]).toMatchObject([row]);
    expect((await sheet.run({ sheet: "", range: "B2:C" })).json[0]).toMatchObject([row]);
    expect((await sheet.run({ sheet: "other", range: "People!B2:C" })).json[0]).toMatchObject([row]);
    await expect(sheet.run({ sheet: 8 })).rejects.toThrow('no sheet with the number 8; it has "People"');
    const address = "https://docs.google.com/spreadsheets/d/s1/edit#gid=7";
    expect((await sheet.run({ spreadsheet: address, headerRow: 2 })).json[0]).toHaveLength(1);
  });
});

describe("rows are written", () => {
  it("into the columns of their names; what has none gets one", async () => {
    const sheet = fakeSheet([["Name", "Age"]]);
    const { json } = await sheet.run({ operation: "append" }, [
      { Age: 1, Name: "Eva" },
      { Name: "Tom", city: { a: 1 } },
    ]);
    expect(sheet.cells).toEqual([
      ["Name", "Age", "city"],
      ["Eva", 1, ""],
      ["Tom", "", '{"a":1}'],
    ]);
    expect(json[0]).toEqual([
      { Age: 1, Name: "Eva" },
      { Name: "Tom", city: { a: 1 } },
    ]);
    await sheet.run({ operation: "append", extra: "ignore" }, [{ Name: "Bob", more: 1 }]);
    expect(sheet.cells.at(-1)).toEqual(["Bob", "", ""]);
    await expect(sheet.run({ operation: "append", extra: "error" }, [{ more: 1 }])).rejects.toThrow('no column for "more"');
  });

  it("below a header that an empty sheet gets first", async () => {
    const sheet = fakeSheet([]);
    await sheet.run({ operation: "append", columns: "fields", values: { Name: "={{ $json.n }}" } }, [{ n: "A" }, { n: "B" }]);
    expect(sheet.cells).toEqual([["Name"], ["A"], ["B"]]);
  });

  it("over the row that a key names, and as new ones where there is none", async () => {
    const sheet = people();
    const items = [
      { Name: "Max", Age: 8 },
      { Name: "Eva", Age: 1 },
      { Name: "Eva", Age: 2 },
    ];
    await sheet.run({ operation: "appendOrUpdate", matchOn: "Name" }, items);
    expect(sheet.cells[3]).toEqual(["Max", 8]);
    expect(sheet.cells.slice(5)).toEqual([["Eva", 2, ""]]);
    // The second time the same.
    const before = structuredClone(sheet.cells);
    await sheet.run({ operation: "appendOrUpdate", matchOn: "Name" }, items);
    expect(sheet.cells).toEqual(before);
  });

  it("only where there is a row, by several columns or by its number", async () => {
    const sheet = people();
    const { logs } = await sheet.run({ operation: "update", matchOn: "Name, Age" }, [
      { Name: "Ada", Age: "40", col_3: "found" },
      { Name: "Ada", Age: 41, col_3: "not" },
    ]);
    expect(sheet.cells[4]).toEqual(["Ada", 40, "found"]);
    expect(sheet.cells).toHaveLength(5);
    expect(logs).toEqual([{ level: "warn", message: "1 item has no row in the sheet, and changed nothing" }]);
    await sheet.run({ operation: "update", matchOn: "row_number" }, [{ row_number: 4, Age: 9 }]);
    expect(sheet.cells[3]).toEqual(["Max", 9]);
  });

  it("never without a key that is there", async () => {
    const sheet = people();
    const update = (matchOn: string, item: JsonObject) => sheet.run({ operation: "update", matchOn }, [item]);
    await expect(update("", { Name: "Ada" })).rejects.toThrow("name the column by which");
    await expect(update("Mail", { Mail: "a" })).rejects.toThrow('no column "Mail"');
    await expect(update("Name", { Age: 1 })).rejects.toThrow('no value for "Name"');
  });
});
