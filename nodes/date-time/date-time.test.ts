import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const now = new Date("2024-03-30T22:15:30.250Z");
const run = (parameters: JsonObject, timezone = "Europe/Berlin", item: JsonObject = {}) =>
  executeForTest("date-time", { parameters, timezone, now, items: [{ json: item }] });
const result = async (parameters: JsonObject, timezone?: string): Promise<Json | undefined> =>
  Object.values((await run(parameters, timezone)).json[0]?.[0] ?? {})[0];

describe("Date & Time", () => {
  it("gets the current date, with or without its time, in the flow's zone or another", async () => {
    expect((await run({})).json[0]).toEqual([{ currentDate: "2024-03-30T23:15:30.250+01:00" }]);
    expect(await result({ includeTime: false })).toBe("2024-03-30T00:00:00.000+01:00");
    expect(await result({ timezone: "Asia/Tokyo", includeTime: false })).toBe("2024-03-31T00:00:00.000+09:00");
    await expect(run({ timezone: "Nowhere" })).rejects.toThrow("'Nowhere' is not a time zone");
  });

  it("formats dates", async () => {
    const format = (date: Json, extra: JsonObject = {}) => result({ operation: "formatDate", date, ...extra });
    expect(await format("1986-09-04")).toBe("09/04/1986");
    expect(await format("1986-09-04", { format: "MMMM dd yyyy" })).toBe("September 04 1986");
    expect(await format("2024-01-01T10:00:00+05:00", { format: "HH:mm ZZ" })).toBe("10:00 +05:00");
    expect(await format("2024-01-01T10:00:00+05:00", { format: "HH:mm ZZ", useFlowTimezone: true })).toBe("06:00 +01:00");
    expect(await format("04.09.1986", { fromFormat: "dd.MM.yyyy", format: "yyyy-MM-dd" })).toBe("1986-09-04");
    expect(await format("2024-01-01T00:00:00Z", { format: "X" })).toBe("1704067200");
    await expect(run({ operation: "formatDate", date: "x", fromFormat: "yyyy" })).rejects.toThrow("'x' is not in the format 'yyyy'");
  });

  it("reads dates in many forms; those without a zone are in the flow's", async () => {
    const read = (date: Json) => result({ operation: "formatDate", date, format: "yyyy-MM-dd HH:mm:ss ZZ" });
    expect(await read("2024-07-01 12:30:00")).toBe("2024-07-01 12:30:00 +02:00");
    expect(await read("Mon, 01 Jul 2024 12:30:00 GMT")).toBe("2024-07-01 12:30:00 +00:00");
    expect(await read("July 1, 2024 12:30")).toBe("2024-07-01 12:30:00 +02:00");
    expect(await read(1719829800)).toBe("2024-07-01 12:30:00 +02:00");
    expect(await read("1719829800000")).toBe("2024-07-01 12:30:00 +02:00");
  });

  it("adds and subtracts, by the calendar", async () => {
    const add = (extra: JsonObject) => result({ operation: "addToDate", date: "2024-01-31T08:00:00", ...extra });
    expect(await add({ duration: 1, timeUnit: "months" })).toBe("2024-02-29T08:00:00.000+01:00");
    expect(await add({ duration: 2, timeUnit: "quarters" })).toBe("2024-07-31T08:00:00.000+02:00");
    expect(await result({ operation: "subtractFromDate", date: "2024-03-31T12:00:00", duration: 1, timeUnit: "days" })).toBe(
      "2024-03-30T12:00:00.000+01:00",
    );
    expect((await run({ operation: "addToDate", date: "2024-01-01", duration: 1 })).json[0]?.[0]).toEqual({
      newDate: "2024-01-02T00:00:00.000+01:00",
    });
  });

  it("rounds down and up, and extracts parts", async () => {
    const date = "2024-05-17T13:45:10.5";
    expect(await result({ operation: "roundDate", date })).toBe("2024-05-01T00:00:00.000+02:00");
    expect(await result({ operation: "roundDate", date, mode: "roundUp", toNearest: "hour" })).toBe("2024-05-17T14:00:00.000+02:00");
    const part = (name: string) => result({ operation: "extractDate", date, part: name });
    expect(await Promise.all(["year", "month", "week", "day", "hour", "minute", "second"].map(part))).toEqual([
      2024, 5, 20, 17, 13, 45, 10,
    ]);
  });

  it("gets the time between dates", async () => {
    const between = (extra: JsonObject) =>
      result({ operation: "getTimeBetweenDates", startDate: "2023-01-01", endDate: "2024-04-14", ...extra });
    expect(await between({ units: ["year", "month", "day"] })).toEqual({ years: 1, months: 3, days: 13 });
    expect(await between({ units: ["year", "month", "day"], isoString: true })).toBe("P1Y3M13D");
    expect(await between({ startDate: "2024-04-15" })).toEqual({ days: -1 });
  });

  it("puts the result where it is told, beside the other fields or alone", async () => {
    const parameters = { operation: "extractDate", date: "={{ $json.at }}", part: "year", outputFieldName: "a.year" };
    expect((await run({ ...parameters, includeInputFields: true }, "UTC", { at: "2024-01-01", a: { b: 1 } })).json[0]).toEqual([
      { at: "2024-01-01", a: { b: 1, year: 2024 } },
    ]);
    expect((await run(parameters, "UTC", { at: "2024-01-01" })).json[0]).toEqual([{ a: { year: 2024 } }]);
  });

  it("says what is no date", async () => {
    const parameters = { operation: "roundDate", date: "soon" };
    await expect(run(parameters)).rejects.toThrow(`Parameter "date" (item 0): 'soon' is not a date that is recognised`);
    await expect(run({ operation: "roundDate" })).rejects.toThrow("is empty: give a date");
    await expect(run({ operation: "roundDate", date: { a: 1 } })).rejects.toThrow('expected a date, got {"a":1}');
  });
});
