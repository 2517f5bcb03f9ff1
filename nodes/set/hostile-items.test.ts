import { expect, test } from "vitest";
import { adding, given, runFlow } from "../testing/run-flow";

const HEAVY = "={{ (() => { let n = 0; for (let i = 0; i < 100000; i++) n += i; return n })() }}";

test.each(["set", "if"])("many items with heavy expressions in a node of type %s leave the process to others in between", async (type) => {
  const node =
    type === "set"
      ? adding({ sum: HEAVY }, [1, 0])
      : {
          type: "if",
          at: [1, 0] as [number, number],
          parameters: { conditions: { conditions: [{ leftValue: HEAVY, rightValue: 0, operator: { type: "number", operation: "gt" } }] } },
        };
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  const run = await runFlow(
    { Work: node },
    ["Start -> Work"],
    Array.from({ length: 60 }, (_, n) => ({ n })),
  );
  clearInterval(other);
  expect(given(run, "Work#0")).toHaveLength(60);
  expect(turns).toBeGreaterThan(2);
});
