import { expect, it } from "vitest";
import { scheduleRuleSchema } from "@/nodes/schedule-trigger/definition";
import { nextPoll, nextPollAfterFailure } from "./times";

const every = (interval: number) => [scheduleRuleSchema.parse({ every: "minutes", interval })];
const now = new Date("2026-03-02T09:01:00Z");
const secondsOf = (triggerId: string, interval = 5) => {
  const at = nextPoll(every(interval), now, "UTC", triggerId);
  return ((at?.getTime() ?? 0) - now.getTime()) / 1000;
};

it("spreads triggers over the beginning of their slot, each always at its own place", () => {
  const offsets = Array.from({ length: 200 }, (_, index) => secondsOf(`trigger-${index}`) - 240);
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...offsets)).toBeLessThanOrEqual(30);
  expect(new Set(offsets.map((offset) => Math.floor(offset / 3))).size).toBe(10);
  expect(secondsOf("trigger-1")).toBe(secondsOf("trigger-1"));
});

it("never leaves a slot out, however narrow", () => {
  for (let index = 0; index < 50; index++) expect(secondsOf(`t${index}`, 1)).toBeLessThanOrEqual(66);
});

it("polls by what is due first of several rules, and not at all by none", () => {
  expect(nextPoll([], now, "UTC", "t")).toBeNull();
});

it("comes back soon after a first failure, later after each, and hourly in the end", () => {
  const after = (failures: number) =>
    ((nextPollAfterFailure(null, now, { failures, mayPass: true })?.getTime() ?? 0) - now.getTime()) / 1000;
  expect([1, 2, 3, 8, 100].map(after)).toEqual([30, 60, 120, 3600, 3600]);
});

it("waits for the regular poll where somebody has to see to it, and as long as the service asks", () => {
  const regular = new Date(now.getTime() + 600_000);
  expect(nextPollAfterFailure(regular, now, { failures: 1, mayPass: false })).toEqual(regular);
  expect(nextPollAfterFailure(null, now, { failures: 1, mayPass: false })).toBeNull();
  const asked = nextPollAfterFailure(regular, now, { failures: 1, mayPass: true, waitMs: 900_000 });
  expect(asked).toEqual(new Date(now.getTime() + 900_000));
});
