import { describe, expect, it } from "vitest";
import { relative } from "./relative";

const NOW = Date.UTC(2026, 10, 20, 12);
const ago = (ms: number) => relative(NOW - ms, NOW).text;

describe("relative time", () => {
  it("grows coarser with distance", () => {
    expect(ago(0)).toBe("now");
    expect(ago(4_999)).toBe("now");
    expect(ago(5_000)).toBe("5s ago");
    expect(ago(59_999)).toBe("59s ago");
    expect(ago(60_000)).toBe("1m ago");
    expect(ago(3_599_999)).toBe("59m ago");
    expect(ago(3_600_000)).toBe("1h ago");
    expect(ago(23.9 * 3_600_000)).toBe("23h ago");
    expect(ago(6.9 * 86_400_000)).toBe("6d ago");
  });

  it("is a date from a week on, with the year when it is another", () => {
    expect(ago(10 * 86_400_000)).toBe("Nov 10");
    expect(ago(400 * 86_400_000)).toBe("Oct 16, 2025");
  });

  it("looks ahead, and calls a slightly fast clock now", () => {
    expect(relative(NOW + 2_000, NOW).text).toBe("now");
    expect(relative(NOW + 90_000, NOW).text).toBe("in 1m");
    expect(relative(NOW + 3 * 86_400_000, NOW).text).toBe("in 3d");
  });

  it.each([1_000, 12_345, 61_000, 3_599_500, 5_000_000, 100_000_000, -7_500, -61_500, -4_000_000])(
    "says for how long the text of a distance of %d ms holds",
    (distance) => {
      const { text, validForMs } = relative(NOW - distance, NOW);
      expect(relative(NOW - distance, NOW + validForMs - 1).text).toBe(text);
      expect(relative(NOW - distance, NOW + validForMs).text).not.toBe(text);
    },
  );
});
