import { expect, it } from "vitest";
import { hasFilters, periodStart, readFilters, writeFilters } from "./filters";

const read = (query: string) => readFilters(new URLSearchParams(query));

it("carries filters through the address and back", () => {
  const filters = {
    flowId: "a&b=c",
    statuses: ["failed", "timed_out"],
    modes: ["webhook"],
    period: "24h",
    errorLike: "exec_1",
    needsDecision: true,
    search: "order_id = 1",
  } as const;
  const query = writeFilters({ ...filters, statuses: [...filters.statuses], modes: [...filters.modes] });
  expect(query).toBe("?flow=a%26b%3Dc&status=failed,timed_out&mode=webhook&since=24h&error=exec_1&decision=needed&q=order_id%20%3D%201");
  expect(read(query)).toEqual(filters);
});

it("leaves out what it does not know, and what is there twice", () => {
  expect(read("status=failed,nonsense,failed,,&mode=__proto__&since=1000y&flow=")).toEqual({
    flowId: null,
    statuses: ["failed"],
    modes: [],
    period: null,
    errorLike: null,
    needsDecision: false,
    search: "",
  });
});

it("has an empty address without filters", () => {
  expect(writeFilters(read(""))).toBe("");
  expect(hasFilters(read(""))).toBe(false);
  expect(hasFilters(read("since=1h"))).toBe(true);
});

it("begins a period on a full minute, so that a minute's requests share one answer", () => {
  const now = Date.UTC(2026, 10, 20, 12, 30, 45, 678);
  expect(periodStart("1h", now)).toBe("2026-11-20T11:30:00.000Z");
  expect(periodStart("1h", now + 10_000)).toBe("2026-11-20T11:30:00.000Z");
  expect(periodStart("7d", now)).toBe("2026-11-13T12:30:00.000Z");
});
