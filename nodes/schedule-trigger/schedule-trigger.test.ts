import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { checkParameters } from "@/flow/node/parameters";
import { executeForTest } from "../testing/execute";
import { type ScheduleRule, scheduleRuleSchema, scheduleTrigger } from "./definition";
import { nextOccurrence, nextOfRules } from "./next-occurrence";

const BERLIN = "Europe/Berlin";

/** The next `count` local times of a rule. */
function times(rule: Partial<ScheduleRule>, after: string, count = 3, zone = BERLIN): string[] {
  const full = scheduleRuleSchema.parse(rule);
  let at: Date | null = new Date(after);
  const found: string[] = [];
  while (found.length < count && at) {
    at = nextOccurrence(full, at, zone);
    if (at) found.push(DateTime.fromJSDate(at, { zone }).toFormat("yyyy-MM-dd HH:mm ZZ"));
  }
  return found;
}

describe("the next time of a schedule", () => {
  it("comes every so many minutes", () => {
    expect(times({ every: "minutes", interval: 15 }, "2026-03-02T10:07:00Z")).toEqual([
      "2026-03-02 11:15 +01:00",
      "2026-03-02 11:30 +01:00",
      "2026-03-02 11:45 +01:00",
    ]);
    expect(times({ every: "minutes", interval: 1 }, "2026-03-02T10:07:00Z", 1)).toEqual(["2026-03-02 11:08 +01:00"]);
  });

  it("comes every so many hours at a minute, in zones of half hours too", () => {
    expect(times({ every: "hours", interval: 2, minute: 30 }, "2026-03-02T10:30:00Z", 2)).toEqual([
      "2026-03-02 13:30 +01:00",
      "2026-03-02 15:30 +01:00",
    ]);
    expect(times({ every: "hours", minute: 10 }, "2026-03-02T10:00:00Z", 2, "Asia/Kolkata")).toEqual([
      "2026-03-02 16:10 +05:30",
      "2026-03-02 17:10 +05:30",
    ]);
  });

  it("comes every so many days at a time of the flow's zone", () => {
    expect(times({ every: "days", hour: 9 }, "2026-03-02T08:00:00Z", 2)).toEqual(["2026-03-03 09:00 +01:00", "2026-03-04 09:00 +01:00"]);
    const third = times({ every: "days", interval: 3, hour: 9 }, "2026-03-02T08:00:00Z", 3);
    expect(third.map((time) => DateTime.fromFormat(time, "yyyy-MM-dd HH:mm ZZ").ordinal)).toEqual(
      [0, 3, 6].map((days) => DateTime.fromFormat(third[0] as string, "yyyy-MM-dd HH:mm ZZ").ordinal + days),
    );
  });

  it("finds the same instants whenever it is asked", () => {
    const rule = { every: "days", interval: 3, hour: 9 } as const;
    const [, second] = times(rule, "2026-03-02T08:00:00Z", 2);
    for (const after of ["2026-03-04T00:00:00Z", "2026-03-05T12:00:00Z"]) expect(times(rule, after, 3)).toContain(second);
  });

  it("comes on weekdays of every so many weeks", () => {
    expect(times({ every: "weeks", weekdays: [1, 5], hour: 8, minute: 15 }, "2026-03-04T00:00:00Z")).toEqual([
      "2026-03-06 08:15 +01:00",
      "2026-03-09 08:15 +01:00",
      "2026-03-13 08:15 +01:00",
    ]);
    expect(times({ every: "weeks", weekdays: [0], hour: 8 }, "2026-03-04T00:00:00Z", 1)).toEqual(["2026-03-08 08:00 +01:00"]);
    expect(times({ every: "weeks", weekdays: [] }, "2026-03-04T00:00:00Z")).toEqual([]);
  });

  it("comes on a day of every so many months, on the last one of shorter months", () => {
    expect(times({ every: "months", dayOfMonth: 31, hour: 6 }, "2026-01-31T12:00:00Z", 3)).toEqual([
      "2026-02-28 06:00 +01:00",
      "2026-03-31 06:00 +02:00",
      "2026-04-30 06:00 +02:00",
    ]);
    expect(times({ every: "months", interval: 3, dayOfMonth: 1 }, "2026-02-01T12:00:00Z", 2)).toEqual([
      "2026-04-01 00:00 +02:00",
      "2026-07-01 00:00 +02:00",
    ]);
  });

  it("follows a cron expression in the flow's zone", () => {
    expect(times({ every: "cron", cron: "30 9 * * 1-5" }, "2026-03-06T12:00:00Z", 1)).toEqual(["2026-03-09 09:30 +01:00"]);
    expect(times({ every: "cron", cron: "*/10 * * * * *" }, "2026-03-06T12:00:00Z", 1)).toEqual(["2026-03-06 13:00 +01:00"]);
    expect(checkParameters(scheduleTrigger, { rules: [{ every: "cron", cron: "61 * * * *" }] })).toMatchObject([
      { field: "rules[0].cron", message: expect.stringContaining("is not a cron expression") },
    ]);
  });

  it("keeps its local time over daylight saving, is due once when an hour comes twice, and later when it is skipped", () => {
    expect(times({ every: "days", hour: 9 }, "2026-03-27T12:00:00Z", 3)).toEqual([
      "2026-03-28 09:00 +01:00",
      "2026-03-29 09:00 +02:00",
      "2026-03-30 09:00 +02:00",
    ]);
    expect(times({ every: "days", hour: 2, minute: 30 }, "2026-03-28T12:00:00Z", 2)).toEqual([
      "2026-03-29 03:30 +02:00",
      "2026-03-30 02:30 +02:00",
    ]);
    expect(times({ every: "days", hour: 2, minute: 30 }, "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25 02:30 +02:00",
      "2026-10-26 02:30 +01:00",
    ]);
  });

  it("keeps the times of a cron expression over daylight saving: once where an hour comes twice, later where it is skipped", () => {
    expect(times({ every: "cron", cron: "15,45 2 * * *" }, "2026-03-28T12:00:00Z", 4)).toEqual([
      "2026-03-29 03:15 +02:00",
      "2026-03-29 03:45 +02:00",
      "2026-03-30 02:15 +02:00",
      "2026-03-30 02:45 +02:00",
    ]);
    expect(times({ every: "cron", cron: "15,45 2 * * *" }, "2026-10-24T12:00:00Z", 4)).toEqual([
      "2026-10-25 02:15 +02:00",
      "2026-10-25 02:45 +02:00",
      "2026-10-26 02:15 +01:00",
      "2026-10-26 02:45 +01:00",
    ]);
    // What is skipped falls among times that are not: neither is left out, and none comes twice.
    expect(times({ every: "cron", cron: "0,30 2,3 * * *" }, "2026-03-28T12:00:00Z", 3)).toEqual([
      "2026-03-29 03:00 +02:00",
      "2026-03-29 03:30 +02:00",
      "2026-03-30 02:00 +02:00",
    ]);
    expect(times({ every: "cron", cron: "20 2 * * *" }, "2026-03-29T01:10:00Z", 1)).toEqual(["2026-03-29 03:20 +02:00"]);
    expect(times({ every: "cron", cron: "30 1 * * *" }, "2026-11-01T05:40:00Z", 1, "America/New_York")).toEqual([
      "2026-11-02 01:30 -05:00",
    ]);
  });

  it("counts minutes and hours by real time over daylight saving: 23 hours in spring, 25 in autumn", () => {
    for (const rule of [{ every: "hours" }, { every: "cron", cron: "0 * * * *" }, { every: "cron", cron: "0 */1 * * *" }] as const) {
      const spring = times(rule, "2026-03-28T22:59:59Z", 30).filter((time) => time.startsWith("2026-03-29"));
      const autumn = times(rule, "2026-10-24T21:59:59Z", 30).filter((time) => time.startsWith("2026-10-25"));
      expect([spring.length, autumn.length]).toEqual([23, 25]);
      expect(new Set([...spring, ...autumn]).size).toBe(48);
    }
  });

  it.each(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"])(
    "of a fixed time comes once a day all year in %s",
    (zone) => {
      for (const rule of [
        { every: "days", hour: 2, minute: 10 },
        { every: "cron", cron: "10 2 * * *" },
        { every: "cron", cron: "0 0 * * *" },
      ] as const) {
        const days = times(rule, "2026-01-01T12:00:00Z", 365, zone).map((time) => time.slice(0, 10));
        expect(new Set(days).size).toBe(365);
      }
    },
  );

  it("is the earliest of several rules", () => {
    const rules = [
      { every: "days", hour: 9 },
      { every: "minutes", interval: 30 },
    ].map((rule) => scheduleRuleSchema.parse(rule));
    expect(nextOfRules(rules, new Date("2026-03-02T10:07:00Z"), BERLIN)?.toISOString()).toBe("2026-03-02T10:30:00.000Z");
    expect(nextOfRules([], new Date(), BERLIN)).toBeNull();
  });
});

describe("the item of a schedule", () => {
  it("tells the time in the flow's zone", async () => {
    const { json } = await executeForTest("schedule-trigger", { items: [], now: new Date("2026-03-02T08:05:09Z"), timezone: BERLIN });
    expect(json).toEqual([
      [
        {
          timestamp: "2026-03-02T09:05:09.000+01:00",
          "Readable date": "March 2nd 2026, 9:05:09 am",
          "Readable time": "9:05:09 am",
          "Day of week": "Monday",
          Year: "2026",
          Month: "March",
          "Day of month": "02",
          Hour: "09",
          Minute: "05",
          Second: "09",
          Timezone: "Europe/Berlin (UTC+01:00)",
        },
      ],
    ]);
  });

  it("is that of the slot when there is one", async () => {
    expect((await executeForTest("schedule-trigger", { items: [{ timestamp: "x" }] })).json).toEqual([[{ timestamp: "x" }]]);
  });
});
