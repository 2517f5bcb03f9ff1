import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { lastSlot, nextSlot, slotsToStart } from "./slots";

const everyMinute = { rules: [{ every: "minutes", interval: 1 }] };
const at = (time: string) => new Date(`2026-03-02T${time}Z`);

describe("slots of a schedule", () => {
  test("the next one is after the instant, never at it", () => {
    expect(nextSlot(everyMinute, at("09:00:00"))).toEqual(at("09:01:00"));
    expect(nextSlot(everyMinute, at("09:00:59.999"))).toEqual(at("09:01:00"));
  });

  test("the last one is the due one when none has followed", () => {
    expect(lastSlot(everyMinute, at("09:00:00"), at("09:00:30"))).toEqual(at("09:00:00"));
    expect(lastSlot(everyMinute, at("09:00:00"), at("09:00:00"))).toEqual(at("09:00:00"));
  });

  test("the last one of many missed is the newest", () => {
    expect(lastSlot(everyMinute, at("01:00:00"), at("09:00:30"))).toEqual(at("09:00:00"));
    expect(lastSlot(everyMinute, at("01:00:00"), at("09:00:00"))).toEqual(at("09:00:00"));
  });

  test("a rare schedule is found however long ago it was due", () => {
    const yearly = { rules: [{ every: "cron", cron: "0 0 1 1 *" }] };
    const due = new Date("2020-01-01T00:00:00Z");
    expect(lastSlot(yearly, due, at("09:00:00"))).toEqual(new Date("2026-01-01T00:00:00Z"));
  });

  test("two years of missed minutes take no time", () => {
    const began = performance.now();
    expect(lastSlot(everyMinute, new Date("2024-03-02T00:00:00Z"), at("09:00:30"))).toEqual(at("09:00:00"));
    expect(performance.now() - began).toBeLessThan(200);
  });

  test("slots stand still in the flow's zone when daylight saving begins", () => {
    const daily = { rules: [{ every: "days", interval: 1, hour: 9, minute: 0 }] };
    const before = nextSlot(daily, new Date("2026-03-27T12:00:00Z"), "Europe/Berlin");
    expect(before?.toISOString()).toBe("2026-03-28T08:00:00.000Z");
    expect(nextSlot(daily, before!, "Europe/Berlin")?.toISOString()).toBe("2026-03-29T07:00:00.000Z");
  });
});

describe("slots that were missed", () => {
  const catching = (catchUp: string, config = everyMinute) => ({ ...config, catchUp });
  const start = (config: JsonObject, due: string, now: string) =>
    slotsToStart(config, at(due), at(now)).map((slot) => slot.toISOString().slice(11, 16));

  test("are made up for as the schedule says", () => {
    const hourly = { rules: [{ every: "hours", interval: 1 }] };
    expect(start(hourly, "06:00:00", "09:30:00")).toEqual(["09:00"]);
    expect(start(catching("last", hourly), "06:00:00", "09:30:00")).toEqual(["09:00"]);
    expect(start(catching("skip", hourly), "06:00:00", "09:30:00")).toEqual([]);
    expect(start(catching("all", hourly), "06:00:00", "09:30:00")).toEqual(["06:00", "07:00", "08:00", "09:00"]);
  });

  test.each(["skip", "last", "all"])("one that is taken up in time was not missed (%s)", (catchUp) => {
    expect(start(catching(catchUp), "09:00:00", "09:00:00")).toEqual(["09:00"]);
    expect(start(catching(catchUp), "09:00:00", "09:00:59")).toEqual(["09:00"]);
  });

  test("are the latest thousand of years, in no time", () => {
    const began = performance.now();
    const slots = slotsToStart(catching("all"), new Date("2020-01-01T00:00:00Z"), at("09:00:30"));
    expect([slots.length, slots.at(-1)]).toEqual([1000, at("09:00:00")]);
    expect(slots[0]).toEqual(new Date(at("09:00:00").getTime() - 999 * 60_000));
    expect(performance.now() - began).toBeLessThan(500);
  });

  test("are as many as the clock gave when daylight saving began or ended in between", () => {
    const hourly = { rules: [{ every: "hours", interval: 1 }], catchUp: "all" };
    const count = (from: string, to: string) => slotsToStart(hourly, new Date(from), new Date(to), "Europe/Berlin").length;
    expect(count("2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z")).toBe(23);
    expect(count("2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z")).toBe(25);
  });
});
