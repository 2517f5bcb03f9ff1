import { describe, expect, test } from "vitest";
import { lastSlot, nextSlot } from "./slots";

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
