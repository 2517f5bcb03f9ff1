import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { checkedInvariants, PROVEN_ELSEWHERE } from "./invariants";

test("each of the eighteen promises has a check, or tests that are there", () => {
  const proven = [...checkedInvariants(), ...Object.keys(PROVEN_ELSEWHERE).map(Number)].sort((a, b) => a - b);
  expect(proven).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
  for (const { tests } of Object.values(PROVEN_ELSEWHERE)) for (const file of tests) expect([file, existsSync(file)]).toEqual([file, true]);
});
