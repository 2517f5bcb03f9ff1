import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

it("keeps the items that meet the conditions, with their lineage", async () => {
  const parameters = {
    conditions: { conditions: [{ leftValue: "={{ $json.name }}", rightValue: "a", operator: { type: "string", operation: "contains" } }] },
  };
  const { outputs } = await executeForTest("filter", { parameters, items: [{ name: "Eve" }, { name: "Ada" }, { name: "Grace" }] });
  expect(outputs).toEqual([
    [
      { json: { name: "Ada" }, pairedItem: { item: 1 } },
      { json: { name: "Grace" }, pairedItem: { item: 2 } },
    ],
  ]);
});
