import { describe, expect, test } from "vitest";
import { Allowance } from "../allowance";
import { LimitError } from "../errors";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

const HEAVY = "={{ (() => { let n = 0; for (let i = 0; i < 60000; i++) n += i; return n })() }}";
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** How many evaluations an allowance lets through. */
function countUntilRefused(allowance: Allowance, template = HEAVY, most = 100_000): number {
  const scope = testScope([{ a: 1 }], {}, { allowance });
  for (let count = 0; count < most; count++) {
    try {
      evaluateTemplate(template, scope, 0);
    } catch (error) {
      expect(error).toBeInstanceOf(LimitError);
      return count;
    }
  }
  return most;
}

describe("what the evaluations of a visit may take together", () => {
  test("is limited while nothing else gets its turn, and renewed afterwards", async () => {
    const allowance = new Allowance({ total: 60_000, stretch: 40 });
    const scope = testScope([{}], {}, { allowance });
    expect(countUntilRefused(allowance)).toBeLessThan(40);
    expect(() => evaluateTemplate(HEAVY, scope, 0)).toThrow(/longer than 0.04 s for one item/);
    await nextTurn();
    expect(evaluateTemplate("={{ 1 + 1 }}", scope, 0)).toBe(2);
  });

  test("is limited over all turns", async () => {
    const allowance = new Allowance({ total: 60, stretch: 30 });
    const scope = testScope([{}], {}, { allowance });
    for (let turn = 0; turn < 4; turn++) {
      countUntilRefused(allowance);
      await nextTurn();
    }
    expect(() => evaluateTemplate("={{ 1 }}", scope, 0)).toThrow(/expressions of this node take longer than 0.06 s/);
  });

  test("counts short ones too: very many of them are as long as few long ones", () => {
    expect(countUntilRefused(new Allowance({ total: 1, stretch: 1 }), "={{ $json.a + 1 }}")).toBeLessThan(20_000);
  });

  test("is renewed for short ones as well", async () => {
    const allowance = new Allowance({ total: 60_000, stretch: 10 });
    const short = "={{ $json.a + 1 }}";
    expect(countUntilRefused(allowance, short)).toBeLessThan(20_000);
    await nextTurn();
    expect(countUntilRefused(allowance, short)).toBeGreaterThan(1000);
  });

  test("does not get in the way of large but honest flows", () => {
    const scope = testScope([{ a: 1 }], {}, { allowance: new Allowance() });
    let sum = 0;
    for (let index = 0; index < 300_000; index++) sum += evaluateTemplate("={{ $json.a }}", scope, 0) as number;
    expect(sum).toBe(300_000);
  });
});
