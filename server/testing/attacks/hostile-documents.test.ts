import { strToU8, unzipSync, zipSync } from "fflate";
import { writeOds, writeXlsx } from "hucre";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest, type TestOutcome } from "@/nodes/testing/execute";

/**
 * Documents that are small, and would hold up the whole process for minutes or fill its memory: whatever a node reads, it is done with
 * it before the test's time is over, with an outcome or an error of its own.
 */
const N = 100_000;
const SHEET = {
  sheets: [
    {
      name: "S",
      rows: [
        ["a", "b"],
        [1, 2],
      ],
    },
  ],
};

const fromFile = (operation: string, bytes: Uint8Array | string): Promise<TestOutcome> =>
  executeForTest("extract-from-file", {
    parameters: { operation, binaryPropertyName: "data" },
    items: [{ json: {}, binary: { data: { mimeType: "application/octet-stream", data: Buffer.from(bytes).toString("base64") } } }],
  });

/** A workbook with one of its parts changed. */
function edited(file: Uint8Array, part: RegExp, edit: (xml: string) => string): Uint8Array {
  const parts = unzipSync(file);
  const name = Object.keys(parts).find((each) => part.test(each)) ?? "";
  const before = new TextDecoder().decode(parts[name]);
  const after = edit(before);
  expect(after).not.toBe(before);
  return zipSync({ ...parts, [name]: strToU8(after) });
}

const xlsx = async (rows: string) =>
  fromFile(
    "xlsx",
    edited(await writeXlsx(SHEET), /sheet1\.xml$/, (xml) => xml.replace("</sheetData>", `${rows}</sheetData>`)),
  );
const ods = async (of: string, attribute: string) =>
  fromFile(
    "ods",
    edited(await writeOds(SHEET), /^content\.xml$/, (xml) => xml.replace(`<table:${of}`, `<table:${of} table:${attribute}`)),
  );
const extracted = (h: string) =>
  executeForTest("html", {
    parameters: {
      operation: "extractHtmlContent",
      dataPropertyName: "h",
      extractionValues: [{ key: "a", cssSelector: "div", returnValue: "text" }],
    },
    items: [{ h }],
  });
const markdown = (parameters: JsonObject) => executeForTest("markdown", { parameters });
const xml = (d: string) => executeForTest("xml", { parameters: { mode: "xmlToJson", dataPropertyName: "d" }, items: [{ d }] });
const many = (part: (n: number) => string, count = N): string => Array.from({ length: count }, (_, n) => part(n)).join("");

const REFUSED: Record<string, () => Promise<unknown>> = {
  "a workbook with one cell in its last corner": () => xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
  "a workbook with a cell beyond any corner": () => xlsx('<row r="99999999"><c r="ZZZZZZ99999999"><v>1</v></c></row>'),
  "a sheet whose cell stands for a thousand million": () => ods("table-cell", 'number-columns-repeated="1000000000"'),
  "elements in elements": () => extracted("<div>".repeat(N)),
  "tables in tables": () => fromFile("html", "<table><tr><td>".repeat(N)),
  "an element of attributes": () => fromFile("html", `<table><tr><td ${many((n) => `a${n}=">" `)}>`),
  "elements that are opened anew": () =>
    fromFile(
      "html",
      many((n) => `<p><b a=${n}>`),
    ),
  "a page in Markdown, nested": () => markdown({ mode: "htmlToMarkdown", html: `${"<div>".repeat(N)}x` }),
  "lists in lists": () => markdown({ mode: "markdownToHtml", markdown: many((n) => `${" ".repeat(n * 2)}- a\n`, 1000) }),
  "quotes in quotes": () => markdown({ mode: "markdownToHtml", markdown: `${">".repeat(N)}x` }),
  "XML in XML": () => xml("<a>".repeat(N) + "</a>".repeat(N)),
};

const DONE: Record<string, () => Promise<unknown>> = {
  "a workbook that says that all its cells are one": async () =>
    fromFile(
      "xlsx",
      edited(await writeXlsx(SHEET), /sheet1\.xml$/, (part) =>
        part.replace("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
      ),
    ),
  "a sheet whose row stands for a thousand million": () => ods("table-row", 'number-rows-repeated="1000000000"').catch(() => null),
  "a page of list entries": () => markdown({ mode: "htmlToMarkdown", html: "<li>x".repeat(N / 10) }),
  brackets: () => markdown({ mode: "markdownToHtml", markdown: "[".repeat(N) }),
  stars: () => markdown({ mode: "markdownToHtml", markdown: "*a ".repeat(N) }),
  links: () => markdown({ mode: "markdownToHtml", markdown: "[a](".repeat(N) }),
  "an element of XML with many attributes": () => xml(`<a ${many((n) => `a${n}="1" `, N / 2)}/>`),
  "a column of separators": () => fromFile("csv", `${",".repeat(N)}\n${",".repeat(N)}`),
  "an event every second": () =>
    fromFile(
      "fromIcs",
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20200101T000000Z\r\nRRULE:FREQ=SECONDLY;COUNT=1000000000\r\nEND:VEVENT\r\nEND:VCALENDAR",
    ),
};

describe("documents that mean harm", () => {
  it.each(Object.entries(REFUSED))("%s: refused", { timeout: 20_000 }, async (_, read) => {
    await expect(read()).rejects.toThrow(/Parameter "/);
  });

  it.each(Object.entries(DONE))("%s: read", { timeout: 20_000 }, async (_, read) => {
    await read();
  });
});
