import { readXlsx } from "hucre";
import { describe, expect, it } from "vitest";
import type { Binary, JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const now = new Date("2024-05-01T10:00:00Z");
const convert = async (parameters: JsonObject, items: JsonObject[] = [{}]) =>
  (await executeForTest("convert-to-file", { parameters, now, timezone: "Europe/Berlin", items: items.map((json) => ({ json })) }))
    .outputs[0] ?? [];
const bytesOf = (file: Binary | undefined) => Buffer.from(file?.data ?? "", "base64");
const text = async (parameters: JsonObject, items?: JsonObject[]) =>
  bytesOf((await convert(parameters, items))[0]?.binary?.data).toString();

const people: JsonObject[] = [
  { name: 'Ada "the first", L', at: { city: "Rome", zip: 7 }, tags: ["a", 1], ok: true },
  { name: "Bob\nJr", at: null, extra: "ä" },
];

describe("Convert to File: tables", () => {
  it("writes CSV with a column for every field, objects apart", async () => {
    expect(await text({}, people)).toBe(
      'name,at.city,at.zip,tags,ok,at,extra\n"Ada ""the first"", L",Rome,7,"[""a"",1]",TRUE,,\n"Bob\nJr",,,,,,ä',
    );
    expect(await text({ headerRow: false, delimiter: ";" }, [{ a: "x,y", b: "1;2" }])).toBe('x,y;"1;2"');
    expect((await text({ addBOM: true }, [{ a: 1 }])).charCodeAt(0)).toBe(0xfeff);
  });

  it("makes one item of all, with its file's name and type and the lineage of each", async () => {
    const [item, ...more] = await convert({ fileName: "people.csv", binaryPropertyName: "list" }, people);
    expect(more).toEqual([]);
    expect(item).toMatchObject({
      json: {},
      binary: { list: { mimeType: "text/csv", fileName: "people.csv" } },
      pairedItem: [{ item: 0 }, { item: 1 }],
    });
  });

  it("writes spreadsheets", async () => {
    const [item] = await convert({ operation: "xlsx", sheetName: "A/B" }, [{ n: 1.5, t: "x", b: true, z: null }, { n: 2 }]);
    expect(item?.binary?.data?.mimeType).toContain("spreadsheetml");
    const { sheets } = await readXlsx(bytesOf(item?.binary?.data));
    expect(sheets[0]).toMatchObject({
      name: "A_B",
      rows: [
        ["n", "t", "b", "z"],
        [1.5, "x", true, null],
        [2, null, null, null],
      ],
    });
  });

  it("writes HTML that shows text as text", async () => {
    expect(await text({ operation: "html" }, [{ a: "<b>&" }])).toContain("<tr><th>a</th></tr>\n<tr><td>&lt;b&gt;&amp;</td></tr>");
  });
});

describe("Convert to File: data", () => {
  it("writes JSON, together or apart", async () => {
    expect(await text({ operation: "toJson" }, [{ a: 1 }, { b: 2 }])).toBe('[{"a":1},{"b":2}]');
    expect(await text({ operation: "toJson", format: true }, [{ a: 1 }])).toBe('[\n  {\n    "a": 1\n  }\n]');
    const apart = await convert({ operation: "toJson", mode: "each", fileName: "={{ $itemIndex }}.json" }, [{ a: 1 }, { b: 2 }]);
    expect(apart.map((item) => [bytesOf(item.binary?.data).toString(), item.binary?.data?.fileName, item.pairedItem])).toEqual([
      ['{"a":1}', "0.json", { item: 0 }],
      ['{"b":2}', "1.json", { item: 1 }],
    ]);
  });

  it("writes a field's text in an encoding", async () => {
    expect(await text({ operation: "toText", sourceProperty: "a.b" }, [{ a: { b: "grüß" } }])).toBe("grüß");
    const [latin] = await convert({ operation: "toText", encoding: "latin1" }, [{ data: "grüß" }]);
    expect([...bytesOf(latin?.binary?.data)]).toEqual([103, 114, 0xfc, 0xdf]);
    await expect(convert({ operation: "toText", encoding: "shift_jis" }, [{ data: "x" }])).rejects.toThrow(
      'can\'t be written as "shift_jis"',
    );
    await expect(convert({ operation: "toText" }, [{ other: 1 }])).rejects.toThrow('no field "data" that could become a file');
  });

  it("makes files of Base64", async () => {
    const [item] = await convert({ operation: "toBinary", fileName: "a.png" }, [{ data: "aGk=" }]);
    expect(item?.binary?.data).toMatchObject({ data: "aGk=", mimeType: "image/png", fileName: "a.png" });
    expect((await convert({ operation: "toBinary" }, [{ data: "data:text/plain;base64,aGk=" }]))[0]?.binary?.data?.mimeType).toBe(
      "text/plain",
    );
    await expect(convert({ operation: "toBinary" }, [{ data: "no base64!" }])).rejects.toThrow("holds no Base64");
  });
});

describe("Convert to File: calendar", () => {
  const event: JsonObject = {
    operation: "iCal",
    title: "Meet; greet",
    start: "2024-07-01T09:00:00",
    end: "2024-07-01T10:30:00",
    uid: "u1",
  };

  it("writes an event, in UTC or in the flow's zone", async () => {
    const calendar = await text({ ...event, location: "Room, 1", recurrenceRule: "FREQ=WEEKLY;COUNT=2", latitude: 1.5, longitude: 2 });
    expect(calendar.split("\r\n")).toEqual(
      expect.arrayContaining([
        "BEGIN:VCALENDAR",
        "UID:u1",
        "SUMMARY:Meet\\; greet",
        "DTSTART:20240701T070000Z",
        "DTEND:20240701T083000Z",
        "DTSTAMP:20240501T100000Z",
        "LOCATION:Room\\, 1",
        "RRULE:FREQ=WEEKLY;COUNT=2",
        "GEO:1.5;2",
        "END:VCALENDAR",
      ]),
    );
    expect(await text({ ...event, useFlowTimezone: true })).toContain("DTSTART;TZID=Europe/Berlin:20240701T090000\r\n");
    const day = await text({ ...event, start: "2024-07-01", end: "", allDay: true });
    expect(day).toContain("DTSTART;VALUE=DATE:20240701\r\nDTEND;VALUE=DATE:20240702\r\n");
  });

  it("lets no text add lines, and folds long ones between characters", async () => {
    const calendar = await text({
      ...event,
      title: `${"ä".repeat(100)}\nBEGIN:VALARM`,
      url: "http://a.b\r\nX-EVIL:1",
      organizerEmail: "a@b.c\r\nX-EVIL:1",
      organizerName: 'A"\r\nX-EVIL:1',
      attendees: [{ name: "Bob", email: "b@b.c", rsvp: true }],
    });
    const lines = calendar.split("\r\n");
    expect(lines.some((line) => /^(X-EVIL|BEGIN:VALARM)/.test(line))).toBe(false);
    expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect(calendar.replace(/\r\n /g, "")).toContain(`SUMMARY:${"ä".repeat(100)}\\nBEGIN:VALARM`);
    expect(calendar.replace(/\r\n /g, "")).toContain('ATTENDEE;RSVP=TRUE;CN="Bob":mailto:b@b.c');
  });

  it("wants dates that make sense", async () => {
    await expect(convert({ ...event, end: "2024-06-01" })).rejects.toThrow('Parameter "end" (item 0): is before the start');
    await expect(convert({ ...event, start: "soon" })).rejects.toThrow("'soon' is not a date");
  });
});
