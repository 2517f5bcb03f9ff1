import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import type { Sandbox } from "@/flow/node/context";
import { executeForTest } from "../testing/execute";

const by = (...names: string[]): JsonObject => ({
  sortFields: names.map((name) => ({ fieldName: name.replace("-", ""), order: name.startsWith("-") ? "descending" : "ascending" })),
});
const run = (parameters: JsonObject, items: JsonObject[], sandbox?: Sandbox) =>
  executeForTest("sort", { parameters, items: items.map((json) => ({ json })), ...(sandbox && { sandbox }) });
const sorted = async (parameters: JsonObject, values: Json[]) =>
  (
    await run(
      parameters,
      values.map((v) => ({ v })),
    )
  ).json[0]?.map(({ v }) => v);

describe("Sort by fields", () => {
  it("sorts numbers as numbers and text without regard to case", async () => {
    expect(await sorted(by("v"), [10, 9, 100])).toEqual([9, 10, 100]);
    expect(await sorted(by("-v"), [10, 9, 100])).toEqual([100, 10, 9]);
    expect(await sorted(by("v"), ["b", "A", "C"])).toEqual(["A", "b", "C"]);
    expect(await sorted(by("v"), ["10", "9"])).toEqual(["10", "9"]);
  });

  it("puts null last, whatever the order", async () => {
    expect(await sorted(by("v"), [null, 2, 1])).toEqual([1, 2, null]);
    expect(await sorted(by("-v"), [null, 1, 2])).toEqual([2, 1, null]);
  });

  it("sorts by further fields what is equal in the first, keeps order otherwise, and pairs items", async () => {
    const items = [
      { o: { a: 1 }, b: 1, k: "x" },
      { o: { a: 1 }, b: 2, k: "y" },
      { o: { a: 0 }, b: 1, k: "z" },
      { o: { a: 1 }, b: 2, k: "w" },
    ];
    const { outputs } = await run(by("o.a", "-b"), items);
    expect(outputs[0]?.map(({ json, pairedItem }) => [json.k, pairedItem])).toEqual([
      ["z", { item: 2 }],
      ["y", { item: 1 }],
      ["w", { item: 3 }],
      ["x", { item: 0 }],
    ]);
  });

  it("says which field is not there", async () => {
    await expect(run(by("nope"), [{ v: 1 }])).rejects.toThrow("couldn't find the field 'nope'");
    await expect(run({}, [{ v: 1 }])).rejects.toThrow('Parameter "sortFields": is empty');
  });

  it("sorts 100,000 items quickly", async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ v: `k${(n * 7919) % 100_000}`, w: n % 10 }));
    const started = performance.now();
    const { json } = await run(by("w", "-v"), many);
    expect(json[0]).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("Sort at random and by code", () => {
  it("keeps every item", async () => {
    const values = Array.from({ length: 50 }, (_, n) => n);
    const result = (await sorted({ type: "random" }, values)) as number[];
    expect(result).not.toEqual(values);
    expect([...result].sort((a, b) => a - b)).toEqual(values);
  });

  const answering = (value: Json): Sandbox => ({ run: async () => ({ value, logs: [] }) });

  it("puts items in the order that the code's comparison gives", async () => {
    const sandbox: Sandbox = {
      // The wrapper is plain JavaScript, so a function shows what the sandbox would make of it.
      run: async ({ code, globals }) => ({ value: new Function("items", code)(globals.items) as Json, logs: [] }),
    };
    const { outputs } = await run(
      { type: "code", code: "return b.json.v - a.json.v // largest first" },
      [{ v: 1 }, { v: 3 }, { v: 2 }],
      sandbox,
    );
    expect(outputs[0]?.map(({ json }) => json.v)).toEqual([3, 2, 1]);
    expect(outputs[0]?.[0]?.pairedItem).toEqual({ item: 1 });
  });

  it("believes nothing that the sandbox gives", async () => {
    for (const value of [null, [0], [0, 0], [0, 5], [0, "1"], [0, 1, 2]]) {
      await expect(run({ type: "code" }, [{}, {}], answering(value as Json))).rejects.toThrow("must compare the items");
    }
    await expect(run({ type: "code", code: "a.json.x" }, [{}], answering([0]))).rejects.toThrow("must return a number");
  });
});
