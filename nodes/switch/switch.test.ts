import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { outputHandles } from "@/flow/node/define-node";
import { executeForTest } from "../testing/execute";
import { switchNode } from "./definition";

const rule = (operation: string, rightValue: number, extra: JsonObject = {}): JsonObject => ({
  conditions: { conditions: [{ leftValue: "={{ $json.n }}", rightValue, operator: { type: "number", operation } }] },
  ...extra,
});
const items = [{ n: 1 }, { n: 5 }, { n: 9 }];
const run = async (parameters: JsonObject) =>
  (await executeForTest("switch", { parameters, items })).json.map((list) => list.map(({ n }) => n));

//            ┌─ 0: n < 2
//  1, 5, 9 ──┼─ 1: n < 6
//            └─ fallback
const rules = [rule("lt", 2), rule("lt", 6)];

describe("Switch", () => {
  it("sends an item to the first rule that it meets", async () => {
    expect(await run({ rules })).toEqual([[1], [5]]);
  });

  it("sends an item to all rules that it meets when told so", async () => {
    expect(await run({ rules, allMatching: true })).toEqual([[1], [1, 5]]);
  });

  it("sends what meets no rule where it is told", async () => {
    expect(await run({ rules, fallback: "extra" })).toEqual([[1], [5], [9]]);
    expect(await run({ rules, fallback: "output", fallbackOutput: 0 })).toEqual([[1, 9], [5]]);
    await expect(run({ rules, fallback: "output", fallbackOutput: 7 })).rejects.toThrow("there is no output 7: the outputs are 0 to 1");
  });

  it("computes the output's number by expression", async () => {
    expect(await run({ mode: "expression", numberOutputs: 3, output: "={{ $json.n > 4 ? 2 : 0 }}" })).toEqual([[1], [], [5, 9]]);
    await expect(run({ mode: "expression", numberOutputs: 2, output: "={{ $json.n }}" })).rejects.toThrow(
      'Parameter "output" (item 1): The output 5 is not allowed. It has to be between 0 and 1',
    );
  });

  it("names its ports after the rules", () => {
    const handles = (parameters: JsonObject) => outputHandles(switchNode, { parameters }).map(({ name, label }) => `${name}=${label}`);
    expect(handles({})).toEqual(["output1=0"]);
    expect(handles({ rules: [rule("lt", 1), rule("lt", 2, { renameOutput: true, outputName: "Small" })], fallback: "extra" })).toEqual([
      "output1=0",
      "output2=Small",
      "fallback=Fallback",
    ]);
    expect(handles({ mode: "expression" })).toHaveLength(4);
  });

  it("keeps lineage", async () => {
    const { outputs } = await executeForTest("switch", { parameters: { rules, fallback: "extra" }, items });
    expect(outputs.map(([item]) => item?.pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
  });
});
