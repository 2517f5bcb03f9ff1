import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const over = (limit: number): JsonObject => ({
  conditions: { conditions: [{ leftValue: "={{ $json.total }}", rightValue: limit, operator: { type: "number", operation: "gt" } }] },
});

//           ┌─ true ──> total > 100
//  items ───┤
//           └─ false ─> the others
describe("If", () => {
  it("sends each item one way or the other, with its files and lineage", async () => {
    const file = { doc: { mimeType: "text/plain", data: "aGk=" } };
    const { outputs } = await executeForTest("if", {
      parameters: over(100),
      items: [{ total: 50 }, { json: { total: 150 }, binary: file }, { total: 200 }],
    });
    expect(outputs).toEqual([
      [
        { json: { total: 150 }, binary: file, pairedItem: { item: 1 } },
        { json: { total: 200 }, pairedItem: { item: 2 } },
      ],
      [{ json: { total: 50 }, pairedItem: { item: 0 } }],
    ]);
  });

  it("names condition and item of a wrong type", async () => {
    await expect(executeForTest("if", { parameters: over(1), items: [{ total: 5 }, { total: "7" }] })).rejects.toMatchObject({
      name: "ParameterError",
      field: "conditions.conditions[0].leftValue",
      itemIndex: 1,
      message: expect.stringContaining("Wrong type: '7' is a string but was expecting a number [condition 0, item 1]"),
    });
  });

  it("sends what it can't judge the way of what does not meet the conditions, when the node goes on after errors", async () => {
    const { outputs } = await executeForTest("if", { parameters: over(1), items: [{ total: "7" }, { total: 5 }], continueOnFail: true });
    expect(outputs.map((items) => items.map((item) => [item.json, Boolean(item.error)]))).toEqual([
      [[{ total: 5 }, false]],
      [[{ total: "7" }, true]],
    ]);
  });

  it("reads dates without a zone in the flow's zone", async () => {
    const parameters = {
      conditions: {
        conditions: [
          { leftValue: "2026-06-01T00:00:00", rightValue: "2026-05-31T22:00:00Z", operator: { type: "dateTime", operation: "equals" } },
        ],
      },
    };
    expect((await executeForTest("if", { parameters, timezone: "Europe/Berlin" })).outputs[0]).toHaveLength(1);
    expect((await executeForTest("if", { parameters, timezone: "UTC" })).outputs[1]).toHaveLength(1);
  });
});
