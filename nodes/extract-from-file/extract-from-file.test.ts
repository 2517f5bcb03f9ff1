import { writeOds, writeXlsx } from "hucre";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const run = (parameters: JsonObject, content: string | Uint8Array, json: JsonObject = {}) =>
  executeForTest("extract-from-file", {
    parameters,
    timezone: "Europe/Berlin",
    items: [{ json, binary: { data: { mimeType: "application/octet-stream", data: Buffer.from(content).toString("base64") } } }],
  });
const read = async (parameters: JsonObject, content: string | Uint8Array) => (await run(parameters, content)).json[0];

describe("Extract from File: CSV", () => {
  const csv = '\uFEFFid,name,note\r\n1,"Ada ""L"", x",\r\n\r\n2,Bob,"a\nb"\r\n';

  it("makes an item of each row, by the names in the first", async () => {
    expect(await read({}, csv)).toEqual([
      { id: "1", name: 'Ada "L", x' },
      { id: "2", name: "Bob", note: "a\nb" },
    ]);
    expect(await read({ includeEmptyCells: true, maxRowCount: 1 }, csv)).toEqual([{ id: "1", name: 'Ada "L", x', note: "" }]);
    expect(await read({ headerRow: false, fromLine: 2 }, csv)).toEqual([{ row: ["1", 'Ada "L", x', ""] }, { row: ["2", "Bob", "a\nb"] }]);
  });

  it("takes other delimiters and encodings, columns of the same name, and rows of different lengths", async () => {
    expect(await read({ delimiter: ";" }, "a;a;\n1;2;3\n4\n5;6;7;8")).toEqual([
      { a: "1", a_1: "2", __EMPTY: "3" },
      { a: "4" },
      { a: "5", a_1: "6", __EMPTY: "7", __EMPTY_1: "8" },
    ]);
    expect(await read({ encoding: "latin1" }, Buffer.from("n\nä", "latin1"))).toEqual([{ n: "ä" }]);
    expect(await read({ delimiter: "\\t" }, "a\tb\n1\t2")).toEqual([{ a: "1", b: "2" }]);
  });

  it("says what is broken, or skips it", async () => {
    const broken = 'a,b\n1,2\n3,x"4"\n5,6';
    await expect(run({}, broken)).rejects.toThrow(/Parameter "binaryPropertyName" \(item 0\): the file "data" is not valid CSV: .*line 3/);
    expect(await read({ skipRecordsWithErrors: true }, broken)).toContainEqual({ a: "5", b: "6" });
  });

  it("pairs rows with their file's item and keeps prototypes out of reach", async () => {
    const { outputs } = await run({}, "__proto__,b\n1,2");
    expect(outputs[0]?.[0]?.pairedItem).toEqual({ item: 0 });
    expect(Object.keys(outputs[0]?.[0]?.json ?? {})).toEqual(["__proto__", "b"]);
  });

  it("reads 100,000 rows quickly", async () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => `${n},name ${n}`).join("\n");
    const started = performance.now();
    expect(await read({}, `id,name\n${rows}`)).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("Extract from File: spreadsheets and tables", () => {
  const sheets = [
    {
      name: "One",
      rows: [
        ["id", "when", "ok"],
        [1, new Date("2024-01-02T12:00:00Z"), true],
        [null, null, null],
        [2.5, null, "ä"],
      ],
    },
    { name: "Two", rows: [["x"], ["y"]] },
  ];

  it.each([
    ["xlsx", writeXlsx],
    ["ods", writeOds],
  ])("reads %s: numbers and truth values as they are, dates as Excel counts them or as text", async (operation, write) => {
    const file = await write({ sheets });
    expect(await read({ operation }, file)).toEqual([
      { id: 1, when: 45293.5, ok: true },
      { id: 2.5, ok: "ä" },
    ]);
    expect((await read({ operation, dates: "iso" }, file))?.[0]?.when).toBe("2024-01-02T12:00:00.000Z");
    expect(await read({ operation, sheetName: "Two" }, file)).toEqual([{ x: "y" }]);
    expect(await read({ operation, range: "A2:B2", headerRow: false }, file)).toEqual([{ row: [1, 45293.5] }]);
    await expect(run({ operation, sheetName: "None" }, file)).rejects.toThrow('has no sheet "None": it has "One", "Two"');
    await expect(run({ operation, range: "first" }, file)).rejects.toThrow('by the range "first"');
  });

  it.each([
    ["xlsx", writeXlsx],
    ["ods", writeOds],
  ])("reads a workbook of the kind %s by whatever name", async (_, write) => {
    const file = await write({ sheets });
    for (const operation of ["xlsx", "ods", "xls"]) expect(await read({ operation, sheetName: "Two" }, file)).toEqual([{ x: "y" }]);
  });

  it("says when the file is of another kind", async () => {
    for (const operation of ["xlsx", "ods", "xls"]) {
      await expect(run({ operation }, "plain text, for certain")).rejects.toThrow(
        `is not a ${operation.toUpperCase()} file that can be read`,
      );
    }
  });

  it("reads the first table of a page", async () => {
    const page = "<table><tr><th>n<th>t</tr><tr><td>1.5<td> a <b>b</b></tr><tr><td>007<td></tr></table><table><tr><td>no</table>";
    expect(await read({ operation: "html" }, page)).toEqual([{ n: 1.5, t: "a b" }, { n: "007" }]);
    await expect(run({ operation: "html" }, "<p>no</p>")).rejects.toThrow('the file "data" has no table');
  });
});

describe("Extract from File: data", () => {
  it("reads JSON, text and Base64, beside what is kept of the item", async () => {
    expect(await read({ operation: "fromJson" }, '{"a":[1]}')).toEqual([{ data: { a: [1] } }]);
    expect(await read({ operation: "text", destinationKey: "a.b" }, "\uFEFFhi")).toEqual([{ a: { b: "hi" } }]);
    expect(await read({ operation: "text", stripBOM: false }, "\uFEFFhi")).toEqual([{ data: "\uFEFFhi" }]);
    expect(await read({ operation: "binaryToPropery" }, "hi")).toEqual([{ data: "aGk=" }]);
    const { outputs } = await run({ operation: "text", keepSource: "both" }, "hi", { id: 1 });
    expect(outputs[0]?.[0]).toMatchObject({ json: { id: 1, data: "hi" }, binary: { data: {} }, pairedItem: { item: 0 } });
    await expect(run({ operation: "fromJson" }, "{")).rejects.toThrow('the file "data" is not valid JSON');
    await expect(run({ binaryPropertyName: "x" }, "")).rejects.toThrow('there is no file "x": it has "data"');
  });

  it("makes items of JSON when no field is to take it", async () => {
    const parameters = { operation: "fromJson", destinationKey: "" };
    expect(await read(parameters, '{"a":1}')).toEqual([{ a: 1 }]);
    expect(await read(parameters, '[{"a":1},{"b":2}]')).toEqual([{ a: 1 }, { b: 2 }]);
    await expect(run(parameters, "[1]")).rejects.toThrow("JSON that is no object");
    await expect(run({ operation: "text", destinationKey: "" }, "x")).rejects.toThrow('Parameter "destinationKey" (item 0): is empty');
  });

  it("knows the encodings of the world by the names that are in use", async () => {
    const text = (encoding: string, bytes: number[]) => read({ operation: "text", encoding }, Uint8Array.from(bytes));
    expect(await text("win1251", [0xcf, 0xf0])).toEqual([{ data: "Пр" }]);
    expect(await text("ISO-8859-15", [0xa4])).toEqual([{ data: "€" }]);
    expect(await text("Shift_JIS", [0x93, 0xfa])).toEqual([{ data: "日" }]);
    expect(await text("utf8", [0xff, 0xfe, 0x41, 0])).toEqual([{ data: "A" }]);
    await expect(text("klingon", [1])).rejects.toThrow('Parameter "encoding" (item 0): "klingon" is not a text encoding');
  });

  it("reads calendars", async () => {
    const ics = [
      "BEGIN:VCALENDAR",
      "X-WR-CALNAME:Team",
      "BEGIN:VEVENT",
      "UID:1",
      "SUMMARY:Meet\\, gre",
      " et\\nall",
      "DTSTART;TZID=America/New_York:20240701T090000",
      "DTEND:20240701T140000Z",
      "RRULE:FREQ=WEEKLY",
      'ORGANIZER;CN="Ada; L":mailto:ada@b.c',
      "ATTENDEE;RSVP=TRUE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@b.c",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:2",
      "DTSTART;VALUE=DATE:20240704",
      "END:VEVENT",
      "END:VCALENDAR",
    ].join("\r\n");
    expect((await read({ operation: "fromIcs" }, ics))?.[0]?.data).toEqual({
      xWrCalname: "Team",
      events: [
        {
          uid: "1",
          summary: "Meet, greet\nall",
          start: "2024-07-01T09:00:00.000-04:00",
          end: "2024-07-01T14:00:00.000Z",
          allDay: false,
          recurrenceRule: "FREQ=WEEKLY",
          organizer: { email: "ada@b.c", name: "Ada; L" },
          attendees: [{ email: "bob@b.c", name: "Bob", rsvp: true, status: "ACCEPTED" }],
        },
        { uid: "2", start: "2024-07-04", allDay: true, attendees: [] },
      ],
    });
    await expect(run({ operation: "fromIcs" }, "x")).rejects.toThrow("is no calendar");
  });

  it("reads the text and properties of a PDF", async () => {
    const page = (number: number, words: string) => {
      const content = `BT /F1 18 Tf 10 100 Td (${words}) Tj ET`;
      return [
        `${number} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]/Contents ${number + 1} 0 R/Resources<</Font<</F1 9 0 R>>>>>>endobj`,
        `${number + 1} 0 obj<</Length ${content.length}>>stream\n${content}\nendstream endobj`,
      ].join("\n");
    };
    const pdf = [
      "%PDF-1.4",
      "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
      "2 0 obj<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>endobj",
      page(3, "First page"),
      page(5, "Second"),
      "8 0 obj<</Title(Report)>>endobj",
      "9 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
      "trailer<</Root 1 0 R/Info 8 0 R>>",
    ].join("\n");
    expect((await read({ operation: "pdf" }, pdf))?.[0]).toMatchObject({
      numpages: 2,
      numrender: 2,
      info: { Title: "Report" },
      text: "First page\n\nSecond",
    });
    expect((await read({ operation: "pdf", joinPages: false, maxPages: 1 }, pdf))?.[0]).toMatchObject({
      numrender: 1,
      text: ["First page"],
    });
    await expect(run({ operation: "pdf" }, "no pdf")).rejects.toThrow("is not a PDF that can be read");
  });

  it("comes back as it went through Convert to File", async () => {
    const items = [{ json: { id: 1, t: 'a "q", b' } }, { json: { id: 2, t: "ä\nö" } }];
    for (const operation of ["csv", "xlsx", "ods"]) {
      const file = await executeForTest("convert-to-file", { parameters: { operation }, items });
      const back = await executeForTest("extract-from-file", { parameters: { operation }, items: file.outputs[0] ?? [] });
      expect(back.json[0]?.map(({ id, t }) => [Number(id), t])).toEqual([
        [1, 'a "q", b'],
        [2, "ä\nö"],
      ]);
    }
  });
});
