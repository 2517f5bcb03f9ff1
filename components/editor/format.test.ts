import { describe, expect, it } from "vitest";
import { formatTime, formatTimeInZone } from "./format";

describe("times", () => {
  const midnight = new Date(2026, 10, 21).toISOString();

  it("call midnight 00:00", () => {
    expect(formatTime(midnight)).toBe("Nov 21, 00:00:00");
  });

  it("say their zone where they were set in another one", () => {
    expect(formatTimeInZone(midnight)).toMatch(/^Nov 21, 00:00:00 [A-Z]{2,5}/);
  });
});
