import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";
import { adding, given, runFlow } from "../testing/run-flow";

const deals: JsonObject[] = [
  { rep: "Ann", region: "north", deal: { amount: 10 }, tag: "a" },
  { rep: "Bob", region: "south", deal: { amount: 5 }, tag: "b" },
  { rep: "Ann", region: "south", deal: { amount: 2.5 }, tag: "" },
  { rep: "Ann", region: "north", deal: { amount: null }, tag: "a" },
];

const of = (...list: [aggregation: string, field: string, extra?: JsonObject][]): JsonObject => ({
  fieldsToSummarize: list.map(([aggregation, field, extra]) => ({ aggregation, field, ...extra })),
});
const run = (parameters: JsonObject, items: JsonObject[] = deals) =>
  executeForTest("summarize", { parameters, items: items.map((json) => ({ json })) });
const json = async (parameters: JsonObject, items?: JsonObject[]) => (await run(parameters, items)).json[0];

describe("Summarize", () => {
  it("gives every kind of figure, named after what it is", async () => {
    expect(
      await json(
        of(
          ["sum", "deal.amount"],
          ["average", "deal.amount"],
          ["max", "deal.amount"],
          ["min", "deal.amount"],
          ["count", "tag"],
          ["countUnique", "tag"],
          ["append", "tag"],
          ["concatenate", "tag", { separateBy: " / " }],
        ),
      ),
    ).toEqual([
      {
        sum_deal_amount: 17.5,
        average_deal_amount: 17.5 / 3,
        max_deal_amount: 10,
        min_deal_amount: 2.5,
        count_tag: 3,
        unique_count_tag: 2,
        appended_tag: ["a", "b", "a"],
        concatenated_tag: "a / b / a",
      },
    ]);
  });

  it("counts empty values when told", async () => {
    const all = { includeEmpty: true };
    expect(await json(of(["append", "tag", all], ["concatenate", "tag", all], ["count", "tag", all], ["countUnique", "tag", all]))).toEqual(
      [{ appended_tag: ["a", "b", "", "a"], concatenated_tag: "a,b,,a", count_tag: 4, unique_count_tag: 3 }],
    );
  });

  it("splits by fields: an item each, values of the second field within those of the first", async () => {
    expect(await json({ ...of(["sum", "deal.amount"]), fieldsToSplitBy: "rep, region" })).toEqual([
      { rep: "Ann", region: "north", sum_deal_amount: 10 },
      { rep: "Ann", region: "south", sum_deal_amount: 2.5 },
      { rep: "Bob", region: "south", sum_deal_amount: 5 },
    ]);
  });

  it("or one item for all splits", async () => {
    const parameters = { ...of(["sum", "deal.amount"], ["count", "rep"]), fieldsToSplitBy: "rep,region", outputFormat: "singleItem" };
    expect(await json(parameters)).toEqual([
      {
        Ann: { north: { sum_deal_amount: 10, count_rep: 2 }, south: { sum_deal_amount: 2.5, count_rep: 1 } },
        Bob: { south: { sum_deal_amount: 5, count_rep: 1 } },
      },
    ]);
    const odd = await json({ ...of(["count", "n"]), fieldsToSplitBy: "k", outputFormat: "singleItem" }, [{ k: "__proto__", n: 1 }]);
    expect(JSON.stringify(odd)).toBe('[{"__proto__":{"count_n":1}}]');
    expect(({} as { count_n?: unknown }).count_n).toBeUndefined();
  });

  it("keeps the values that it splits by as they are, and missing ones apart or out", async () => {
    const items: JsonObject[] = [{ id: "120219279256800279", n: 1 }, { n: 2 }, { id: 7, n: 3 }, { id: "7", n: 4 }];
    const parameters = { ...of(["sum", "n"]), fieldsToSplitBy: "id" };
    expect(await json(parameters, items)).toEqual([
      { id: "120219279256800279", sum_n: 1 },
      { id: null, sum_n: 2 },
      { id: 7, sum_n: 3 },
      { id: "7", sum_n: 4 },
    ]);
    expect(await json({ ...parameters, skipEmptySplitFields: true }, items)).toHaveLength(3);
  });

  it("takes text that is a number as one, and says where there is none", async () => {
    expect(await json(of(["sum", "n"]), [{ n: "1.5" }, { n: 2 }])).toEqual([{ sum_n: 3.5 }]);
    await expect(run(of(["sum", "n"]), [{ n: 1 }, { n: "much" }])).rejects.toThrow(
      'Parameter "fieldsToSummarize[0].field" (item 1): expected a number, got "much"',
    );
    expect(await json(of(["max", "n"], ["average", "n"], ["sum", "n"]), [{ n: null }])).toEqual([
      { max_n: null, average_n: null, sum_n: 0 },
    ]);
  });

  it("finds the least and the greatest text, such as dates", async () => {
    const items = [{ at: "2024-02-01" }, { at: "2023-12-31" }, { at: null }, { at: "2024-01-15" }];
    expect(await json(of(["min", "at"], ["max", "at"]), items)).toEqual([{ min_at: "2023-12-31", max_at: "2024-02-01" }]);
  });

  it("fails when no item has the field, or goes on with an empty item", async () => {
    await expect(run(of(["sum", "nope"]))).rejects.toThrow("The field 'nope' does not exist in any items");
    expect(await json({ ...of(["sum", "nope"]), continueIfFieldNotFound: true })).toEqual([{}]);
    await expect(run({})).rejects.toThrow("add a field to summarize");
  });

  //  Start ─> Summarize ─> Look      Bob's group has one item, Ann's several
  it("lets a group find its way back where it was made from one item", async () => {
    const flow = (name: string) =>
      runFlow(
        {
          Summarize: { type: "summarize", parameters: { ...of(["count", "tag", { includeEmpty: true }]), fieldsToSplitBy: "rep" } },
          Only: {
            type: "filter",
            parameters: {
              conditions: {
                conditions: [{ leftValue: "={{ $json.rep }}", rightValue: name, operator: { type: "string", operation: "equals" } }],
              },
            },
          },
          Look: adding({ region: "={{ $('Start').item.json.region }}" }, [4, 0]),
        },
        ["Start -> Summarize", "Summarize -> Only", "Only -> Look"],
        deals,
      );
    expect(given(await flow("Bob"), "Look#0")).toEqual([{ rep: "Bob", count_tag: 1, region: "south" }]);
    const several = await flow("Ann");
    expect(several.status).toBe("failed");
    expect(several.error?.message).toContain('made from several items of "Start"');
  });

  it("goes through 100,000 items quickly", async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ n, group: n % 100, o: { x: n } }));
    const started = performance.now();
    const result = await json({ ...of(["sum", "o.x"], ["countUnique", "n"], ["max", "n"]), fieldsToSplitBy: "group" }, many);
    expect(result).toHaveLength(100);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
