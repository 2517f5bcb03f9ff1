import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";
import { adding, given, runFlow } from "../testing/run-flow";

//  before ── A ┐            ┌ In A only
//              ├─ Compare ──┼ Same
//  after ─── B ┘            ├ Different
//                           └ In B only
const before: JsonObject[] = [
  { id: 1, name: "Ada", o: { x: 1, at: "mo" } },
  { id: 2, name: "Bob", o: { x: 1, at: "mo" } },
  { id: 3, name: "Cy" },
];
const after: JsonObject[] = [
  { id: 2, name: "Bobby", o: { x: 1, at: "tu" }, more: true },
  { id: 1, o: { at: "mo", x: 1 }, name: "Ada" },
  { id: 4, name: "Di" },
];

const byId: JsonObject = { mergeByFields: [{ field1: "id", field2: "" }] };
const run = (parameters: JsonObject = {}, inputs: JsonObject[][] = [before, after]) =>
  executeForTest("compare-datasets", { parameters: { ...byId, ...parameters }, inputs });
const different = async (parameters: JsonObject) => (await run(parameters)).json[2];

describe("Compare Datasets", () => {
  it("sends items out of four outputs, with the lineage of both inputs", async () => {
    const { outputs } = await run();
    expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([
      [{ item: 2, input: 0 }],
      [
        [
          { item: 0, input: 0 },
          { item: 1, input: 1 },
        ],
      ],
      [
        [
          { item: 1, input: 0 },
          { item: 0, input: 1 },
        ],
      ],
      [{ item: 2, input: 1 }],
    ]);
    expect(outputs[0]?.[0]?.json).toEqual(before[2]);
    expect(outputs[1]?.[0]?.json).toEqual(before[0]);
    expect(outputs[3]?.[0]?.json).toEqual(after[2]);
  });

  it("shows both versions of what is different", async () => {
    expect(await different({})).toEqual([
      {
        keys: { id: 2 },
        same: {},
        different: {
          name: { inputA: "Bob", inputB: "Bobby" },
          o: { inputA: { x: 1, at: "mo" }, inputB: { x: 1, at: "tu" } },
          more: { inputA: null, inputB: true },
        },
      },
    ]);
    expect(await different({ skipFields: "o.at, more" })).toEqual([
      {
        keys: { id: 2 },
        same: { o: { x: 1 } },
        different: { name: { inputA: "Bob", inputB: "Bobby" } },
        skipped: { "o.at": { inputA: "mo", inputB: "tu" }, more: { inputA: null, inputB: true } },
      },
    ]);
  });

  it("or one of them, or a mix", async () => {
    expect(await different({ resolve: "preferInput1" })).toEqual([before[1]]);
    expect(await different({ resolve: "preferInput2" })).toEqual([after[0]]);
    expect(await different({ resolve: "mix", exceptWhenMix: "o.at, more, none" })).toEqual([
      { id: 2, name: "Bob", o: { x: 1, at: "tu" }, more: true },
    ]);
    expect(await different({ resolve: "mix", preferWhenMix: "input2", exceptWhenMix: "name" })).toEqual([{ ...after[0], name: "Bob" }]);
  });

  it("compares types unless told to be loose, and fields of different names", async () => {
    const inputs: JsonObject[][] = [[{ key: "1", n: 3, e: "" }], [{ id: 1, n: "3" }]];
    const parameters = { mergeByFields: [{ field1: "key", field2: "id" }] };
    expect((await run(parameters, inputs)).json.map((items) => items.length)).toEqual([1, 0, 0, 1]);
    expect((await run({ ...parameters, fuzzyCompare: true }, inputs)).json.map((items) => items.length)).toEqual([0, 1, 0, 0]);
  });

  it("compares with each match, or the first only", async () => {
    const inputs: JsonObject[][] = [
      [{ id: 1, n: 1 }],
      [
        { id: 1, n: 1 },
        { id: 1, n: 2 },
      ],
    ];
    expect((await run({}, inputs)).json.map((items) => items.length)).toEqual([0, 1, 1, 0]);
    expect((await run({ multipleMatches: "first" }, inputs)).json.map((items) => items.length)).toEqual([0, 1, 0, 1]);
  });

  it("has something to say when an input is empty, and when no field is named", async () => {
    expect((await run({}, [before, []])).json.map((items) => items.length)).toEqual([3, 0, 0, 0]);
    await expect(executeForTest("compare-datasets", { inputs: [before, after] })).rejects.toThrow('Parameter "mergeByFields": is empty');
  });

  //          ┌─> Raise ─ A ┐
  //  Start ──┤             ├─ Compare ─ different ─> Look
  //          └─────────── B┘
  it("lets items find their way back through either input", async () => {
    const run = await runFlow(
      {
        Raise: adding({ n: "={{ $json.n + ($json.id === 2 ? 1 : 0) }}" }, [1, 0], "number"),
        Compare: { type: "compare-datasets", at: [2, 0], parameters: { ...byId, resolve: "preferInput1" } },
        Look: adding({ was: "={{ $('Start').item.json.n }}", now: "={{ $('Raise').item.json.n }}" }, [3, 0], "number"),
      },
      ["Start -> Raise", "Raise -> Compare.input1", "Start -> Compare.input2", "Compare.different -> Look"],
      [
        { id: 1, n: 10 },
        { id: 2, n: 20 },
      ],
    );
    expect(given(run, "Look#0")).toEqual([{ id: 2, n: 21, was: 20, now: 21 }]);
    expect(given(run, "Compare#0", 1)).toEqual([{ id: 1, n: 10 }]);
  });

  it("takes time by the number of items, not by their product", async () => {
    const many = Array.from({ length: 30_000 }, (_, id) => ({ id, a: { b: id } }));
    const started = performance.now();
    const { json } = await run({}, [many, [...many].reverse()]);
    expect(json[1]).toHaveLength(30_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
