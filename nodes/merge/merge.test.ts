import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { inputHandles } from "@/flow/node/define-node";
import { executeForTest } from "../testing/execute";
import { merge } from "./definition";

//  people ──┐
//           ├── Merge ──>
//  jobs ────┘
const people: JsonObject[] = [
  { id: 1, name: "Ada", a: { x: 1 } },
  { id: 2, name: "Bob" },
  { id: 3, name: "Cy" },
];
const jobs: JsonObject[] = [
  { id: 3, job: "cook", name: "Cyrus" },
  { id: 1, job: "dev", a: { y: 2 } },
  { id: 1, job: "ops" },
  { id: 9, job: "none" },
];

const run = (parameters: JsonObject, inputs: JsonObject[][] = [people, jobs]) => executeForTest("merge", { parameters, inputs });
const json = async (parameters: JsonObject, inputs?: JsonObject[][]) => (await run(parameters, inputs)).json[0] as JsonObject[];
const byId = { mode: "combineByFields", matchFields: [{ field1: "id", field2: "" }] };

describe("Merge: append", () => {
  it("puts the inputs one after the other, whatever their number", async () => {
    const { outputs } = await run({ numberInputs: 3 }, [[{ n: 1 }], [{ n: 2 }, { n: 3 }], [{ n: 4 }]]);
    expect(outputs[0]).toEqual([
      { json: { n: 1 }, pairedItem: { item: 0, input: 0 } },
      { json: { n: 2 }, pairedItem: { item: 0, input: 1 } },
      { json: { n: 3 }, pairedItem: { item: 1, input: 1 } },
      { json: { n: 4 }, pairedItem: { item: 0, input: 2 } },
    ]);
  });
});

describe("Merge: combine by position", () => {
  it("merges the first with the first and so on, deeply, the last input winning", async () => {
    expect(await json({ mode: "combineByPosition" }, [[{ a: { x: 1, z: 1 }, k: 1 }], [{ a: { y: 2, z: 2 } }, { b: 1 }]])).toEqual([
      { a: { x: 1, y: 2, z: 2 }, k: 1 },
    ]);
  });

  it("keeps the rest of the longer input when asked", async () => {
    expect(await json({ mode: "combineByPosition", includeUnpaired: true }, [[{ a: 1 }], [{ b: 1 }, { b: 2 }]])).toEqual([
      { a: 1, b: 1 },
      { b: 2 },
    ]);
  });

  it("settles clashes as told", async () => {
    const inputs = [[{ v: 1, o: { x: 1 } }], [{ v: 2, o: { y: 1 }, e: "" }]];
    const settle = async (extra: JsonObject) => (await json({ mode: "combineByPosition", ...extra }, inputs))[0];
    expect(await settle({ clash: "preferInput1" })).toEqual({ v: 1, o: { x: 1, y: 1 }, e: "" });
    expect(await settle({ clash: "preferLast", nested: "shallow" })).toEqual({ v: 2, o: { y: 1 }, e: "" });
    expect(await settle({ clash: "addSuffix" })).toEqual({ v_1: 1, o_1: { x: 1 }, v_2: 2, o_2: { y: 1 }, e_2: "" });
    expect((await json({ mode: "combineByPosition", overrideEmpty: true }, [[{ v: 1 }], [{ v: "" }]]))[0]).toEqual({ v: 1 });
  });

  it("brings files of both along", async () => {
    const file = (data: string) => ({ mimeType: "text/plain", data });
    const { outputs } = await executeForTest("merge", {
      parameters: { mode: "combineByPosition" },
      inputs: [[{ json: {}, binary: { one: file("MQ==") } }], [{ json: {}, binary: { two: file("Mg==") } }]],
    });
    expect(Object.keys(outputs[0]?.[0]?.binary ?? {})).toEqual(["one", "two"]);
    expect(outputs[0]?.[0]?.pairedItem).toEqual([
      { item: 0, input: 0 },
      { item: 0, input: 1 },
    ]);
  });
});

describe("Merge: combine by matching fields", () => {
  it("keeps matches: one item for each match, in the order of input 1", async () => {
    expect(await json(byId)).toEqual([
      { id: 1, name: "Ada", a: { x: 1, y: 2 }, job: "dev" },
      { id: 1, name: "Ada", a: { x: 1 }, job: "ops" },
      { id: 3, name: "Cyrus", job: "cook" },
    ]);
    expect(await json({ ...byId, multipleMatches: "first" })).toHaveLength(2);
    expect(await json({ ...byId, outputDataFrom: "input1" })).toEqual([people[0], people[2]]);
    expect(await json({ ...byId, outputDataFrom: "input2" })).toEqual([jobs[1], jobs[2], jobs[0]]);
  });

  it("keeps what has no match", async () => {
    const parameters = { ...byId, joinMode: "keepNonMatches" };
    expect(await json(parameters)).toEqual([people[1], jobs[3]]);
    expect(await json({ ...parameters, outputDataFrom: "input1" })).toEqual([people[1]]);
    expect(await json({ ...parameters, outputDataFrom: "input2" })).toEqual([jobs[3]]);
  });

  it("keeps everything", async () => {
    const result = await json({ ...byId, joinMode: "keepEverything" });
    expect(result.map(({ id, job }) => [id, job])).toEqual([
      [1, "dev"],
      [1, "ops"],
      [3, "cook"],
      [2, undefined],
      [9, "none"],
    ]);
  });

  it("enriches one of the inputs; who enriches wins", async () => {
    const left = await json({ ...byId, joinMode: "enrichInput1" });
    expect(left.map(({ id, name }) => [id, name])).toEqual([
      [1, "Ada"],
      [1, "Ada"],
      [3, "Cyrus"],
      [2, "Bob"],
    ]);
    const right = await json({ ...byId, joinMode: "enrichInput2" });
    expect(right.map(({ id, name }) => [id, name])).toEqual([
      [1, "Ada"],
      [1, "Ada"],
      [3, "Cy"],
      [9, undefined],
    ]);
  });

  it("matches fields of different names, nested ones, and several at once", async () => {
    const inputs = [
      [{ user: { id: 1 }, day: "mo" }],
      [
        { uid: 1, day: "tu" },
        { uid: 1, day: "mo" },
      ],
    ];
    expect(await json({ mode: "combineByFields", matchFields: [{ field1: "user.id", field2: "uid" }] }, inputs)).toHaveLength(2);
    const both: JsonObject = { mode: "combineByFields", matchFields: [{ field1: "user.id", field2: "uid" }, { field1: "day" }] };
    expect(await json(both, inputs)).toHaveLength(1);
  });

  it("compares types, unless told to be loose; what is missing matches nothing", async () => {
    const inputs: JsonObject[][] = [
      [{ id: 1 }, { other: 1 }],
      [{ id: "1" }, { other: 2 }],
    ];
    expect(await json(byId, inputs)).toEqual([]);
    expect(await json({ ...byId, fuzzyCompare: true, joinMode: "keepMatches", clash: "preferInput1" }, inputs)).toEqual([
      { id: 1 },
      { other: 1 },
    ]);
  });

  it("puts numbers after the names of lone items, too", async () => {
    expect(await json({ ...byId, joinMode: "keepEverything", clash: "addSuffix" }, [[{ id: 1 }], [{ id: 2 }]])).toEqual([
      { id_1: 1 },
      { id_2: 2 },
    ]);
  });

  it("wants a field to match by", async () => {
    await expect(run({ mode: "combineByFields" })).rejects.toThrow('Parameter "matchFields": is empty');
  });

  it("takes time by the number of items, not by their product", async () => {
    const many = Array.from({ length: 20_000 }, (_, id) => ({ id }));
    const started = performance.now();
    expect(await json(byId, [many, [...many].reverse()])).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("Merge: all combinations and branches", () => {
  it("combines each with each", async () => {
    expect(
      await json({ mode: "combineAll" }, [
        [{ a: 1 }, { a: 2 }],
        [{ b: 1 }, { b: 2 }],
      ]),
    ).toEqual([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      { a: 2, b: 2 },
    ]);
    const many = Array.from({ length: 2000 }, (_, n) => ({ n }));
    await expect(run({ mode: "combineAll" }, [many, many])).rejects.toThrow("more than 1000000 combinations");
  });

  it("lets one branch through, or an empty item", async () => {
    expect(await json({ mode: "chooseBranch", branch: 2 })).toEqual(jobs);
    expect(await json({ mode: "chooseBranch", branchOutput: "empty" })).toEqual([{}]);
    await expect(run({ mode: "chooseBranch", branch: 3 })).rejects.toThrow("there is no input 3: the node has 2");
  });

  it("has as many inputs as are asked for, where the mode takes more than two", () => {
    const names = (parameters: JsonObject) => inputHandles(merge, parameters).map(({ name }) => name);
    expect(names({ numberInputs: 3 })).toEqual(["input1", "input2", "input3"]);
    expect(names({ mode: "combineByFields", numberInputs: 3 })).toEqual(["input1", "input2"]);
    expect(names({ numberInputs: 99 })).toHaveLength(10);
  });
});
