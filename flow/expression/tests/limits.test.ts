import { describe, expect, test } from "vitest";
import { budget, LIMITS } from "../budget";
import { ExpressionError } from "../errors";
import type { ExpressionScope, NodeData } from "../scope";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

describe("what an evaluation costs", () => {
  const orders = Array.from({ length: 1000 }, (_, id) => ({ id, price: id / 2, active: id % 2 === 0 }));
  const scope = testScope([{ name: "Ada", orders }]);
  const steps = (expression: string) => {
    evaluateTemplate(`={{ ${expression} }}`, scope, 0);
    return LIMITS.steps - budget.steps;
  };

  test.each<[string, number]>([
    ["$json.name", 1],
    ["$json.name.toUpperCase()", 5],
    ["$now.plus(1, 'day').toFormat('yyyy')", 30],
    ["$json.orders", 1],
    ["$json.orders.filter(o => o.active).map(o => o.price)", 4000],
    ["$json.orders.reduce((sum, o) => sum + o.price, 0)", 2000],
  ])("%s takes at most %i steps", (expression, most) => {
    expect(steps(expression)).toBeLessThanOrEqual(most);
  });

  test("an expression that changes nothing copies nothing", () => {
    expect(evaluateTemplate("={{ $json.orders }}", scope, 0)).toBe(orders);
    expect(evaluateTemplate("={{ $input.all() }}", scope, 0)).toBe(scope.items);
    expect(steps("$json.orders.length")).toBeLessThan(5);
  });

  test("handing on all items goes through them once, not once per item", () => {
    const all = testScope(Array.from({ length: 1000 }, (_, id) => ({ id, price: id / 2 })));
    const used = () => {
      evaluateTemplate("={{ $input.all() }}", all, 0);
      return LIMITS.steps - budget.steps;
    };
    expect(used()).toBeGreaterThan(1000);
    expect(used()).toBeLessThan(10);
  });
});

describe("a scope that fails", () => {
  const failing = (error: unknown): ExpressionScope => {
    const node = {
      isExecuted: true,
      runs: 1,
      parameters: {},
      items: () => {
        throw error;
      },
      pairedItem: () => {
        throw error;
      },
    } satisfies NodeData;
    return testScope([{}], {}, { node: () => node, nodeNames: ["A"] });
  };
  const codes = [
    "$('A').item",
    "$('A').all()",
    "(() => { try { return $('A').first() } catch { return 1 } finally { } })()",
    "typeof $('A').item",
    "$evaluateExpression(\"$('A').item\")",
  ];

  test.each(codes)("lets the host's own error through: %s", (code) => {
    const lost = new Error("The payload is gone");
    expect(() => evaluateTemplate(`={{ ${code} }}`, failing(lost), 0)).toThrow(lost);
  });

  test("keeps an ExpressionError, also of another copy of the class", () => {
    expect(() => evaluateTemplate("={{ $('A').item }}", failing(new ExpressionError("No lineage", { hint: "Use .first()" })), 0)).toThrow(
      expect.objectContaining({ message: "No lineage", hint: "Use .first()" }),
    );
    const foreign = Object.assign(new Error("No lineage"), { name: "ExpressionError", hint: "h" });
    expect(() => evaluateTemplate("={{ $('A').item }}", failing(foreign), 0)).toThrow(
      expect.objectContaining({ name: "ExpressionError", message: "No lineage", hint: "h" }),
    );
  });

  test("a scope may evaluate while it answers; the outer evaluation goes on with what it had", () => {
    const inner = testScope([{ n: 5 }], {}, { timezone: "Asia/Tokyo" });
    const node: NodeData = {
      isExecuted: true,
      runs: 1,
      parameters: {},
      items: () => [{ json: { n: evaluateTemplate("={{ $json.n + $now.offset }}", inner, 0) as number } }],
      pairedItem: () => ({ json: {} }),
    };
    const outer = testScope([{ n: 1 }], {}, { node: () => node, nodeNames: ["A"] });
    expect(evaluateTemplate("={{ [$now.offset, $('A').first().json.n, $json.n, $now.toLocal().offset] }}", outer, 0)).toEqual([
      60, 545, 1, 60,
    ]);
  });
});
