import { describe, expect, it } from "vitest";
import { compileCondition, compileKey } from "@/e2e/support/inngest-server/expressions";
import { delayOf, retryAfterOf } from "@/e2e/support/inngest-server/time";

describe("conditions", () => {
  const holds = (source: string, event: object, async: object = {}) =>
    compileCondition(source)({ event: { data: event }, async: { data: async } });

  it("compare paths and literals", () => {
    expect(holds("async.data.a == event.data.a && async.data.b == 'x'", { a: 1 }, { a: 1, b: "x" })).toBe(true);
    expect(holds("async.data.a == event.data.a", { a: 1 }, { a: 2 })).toBe(false);
    expect(holds("event.data.n != 3", { n: 4 })).toBe(true);
    expect(holds('event.data.s == "a\\"b"', { s: 'a"b' })).toBe(true);
  });

  it("do not hold for what is missing on both sides", () => expect(holds("async.data.a == event.data.a", {})).toBe(false));

  it.each(["event.data.a > 1", "event.data.a == 'x' || true", "size(event.data.a) == 1", ""])(
    "are refused when not understood: %s",
    (source) => expect(() => compileCondition(source)).toThrow("Unsupported expression"),
  );
});

it("keys join paths and literals", () => {
  expect(compileKey("event.data.org + '-' + event.data.flow")({ event: { data: { org: "o", flow: "f" } } })).toBe("o-f");
  expect(() => compileKey("upper(event.data.org)")).toThrow("Unsupported key");
});

it("times are durations or dates, never in the past", () => {
  expect(delayOf("1m30s")).toBe(90_000);
  expect(delayOf("2d")).toBe(172_800_000);
  expect(delayOf("2020-01-01T00:00:00Z")).toBe(0);
  expect(delayOf(new Date(Date.now() + 5000).toISOString())).toBeGreaterThan(4000);
  expect(() => delayOf("soon")).toThrow("Unreadable time");
  expect(retryAfterOf("1.5")).toBe(1500);
  expect(retryAfterOf(undefined)).toBeUndefined();
});
