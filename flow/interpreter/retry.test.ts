import { expect, it } from "vitest";
import { RetryAfterError } from "../execution/errors";
import { delayAfter, retryDelay } from "./retry";

const fixed = { maxAttempts: 5, waitMs: 200, backoff: "fixed" } as const;
const exponential = { ...fixed, backoff: "exponential" } as const;

it("is the policy's: the same each time, or twice as long up to a day", () => {
  expect([1, 2, 3].map((attempt) => retryDelay(fixed, attempt))).toEqual([200, 200, 200]);
  expect([1, 2, 3, 20].map((attempt) => retryDelay(exponential, attempt))).toEqual([200, 400, 800, 86_400_000]);
});

it("is what the error names, shorter or longer than the policy's, and no instant that clocks do not have", () => {
  const named = (ms: number) => delayAfter(new RetryAfterError("later", ms), exponential, 2);
  expect([0, 50, 3_600_000].map(named)).toEqual([0, 50, 3_600_000]);
  expect(new Date(Date.now() + named(Number.POSITIVE_INFINITY)).getTime()).not.toBeNaN();
});

it("is the policy's where an error names nothing that could be waited for", () => {
  for (const thrown of [new Error("x"), "x", null, undefined, new RetryAfterError("x", -1), new RetryAfterError("x", Number.NaN)])
    expect(delayAfter(thrown, fixed, 1)).toBe(200);
});
