import { expect, test } from "vitest";
import { failingAgain, NOT_FAILING } from "./schedule-failure";

test("a schedule that fails again and again is left alone for longer and longer, up to a minute", () => {
  const begin = Date.parse("2026-03-02T09:00:00Z");
  let failing = NOT_FAILING;
  let now = begin;
  const pauses: number[] = [];
  for (let tries = 0; tries < 9; tries++) {
    failing = failingAgain(failing, "away", new Date(now));
    pauses.push(((failing.retryAt?.getTime() ?? now) - now) / 1_000);
    now = failing.retryAt?.getTime() ?? now;
  }
  expect(pauses).toEqual([0, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(failing).toMatchObject({ failures: 9, failingSince: new Date(begin) });
});

test("a reason is stored as the database can hold it", () => {
  const { error } = failingAgain(NOT_FAILING, `\u0000a${"b".repeat(3_000)}`, new Date());
  expect(error).toBe(`a${"b".repeat(1_999)}`);
});
