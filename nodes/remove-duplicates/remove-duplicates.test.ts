import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const run = (parameters: JsonObject, items: JsonObject[]) =>
  executeForTest("remove-duplicates", { parameters, items: items.map((json) => ({ json })) });
const json = async (parameters: JsonObject, items: JsonObject[]) => (await run(parameters, items)).json[0];

describe("Remove Duplicates", () => {
  it("keeps the first of equal items, in their order, whatever the order of their keys", async () => {
    const { outputs } = await run({}, [
      { a: 1, b: { c: 1, d: [1] } },
      { a: 2 },
      { b: { d: [1], c: 1 }, a: 1 },
      { a: "2" },
      { a: 2, b: null },
    ]);
    expect(outputs[0]?.map(({ json, pairedItem }) => [json.a, pairedItem])).toEqual([
      [1, { item: 0 }],
      [2, { item: 1 }],
      ["2", { item: 3 }],
      [2, { item: 4 }],
    ]);
  });

  const people: JsonObject[] = [
    { id: 1, at: { city: "Rome", zip: 1 } },
    { id: 2, at: { city: "Rome", zip: 2 } },
    { id: 3, at: { city: "Oslo", zip: 3 } },
    { id: 4 },
    { id: 5 },
  ];

  it("refuses to compare numbers with texts in a field, and does not mind what is missing", async () => {
    const parameters = { compare: "selectedFields", fieldsToCompare: "id" };
    await expect(json(parameters, [{ id: 1 }, { id: "1" }])).rejects.toThrow("'id' isn't always the same type");
    expect(await json(parameters, [{ id: 1 }, { id: null }, {}, { id: 1 }])).toEqual([{ id: 1 }, { id: null }]);
  });

  it("compares some fields", async () => {
    const parameters = { compare: "selectedFields", fieldsToCompare: "at.city" };
    expect((await json(parameters, people))?.map(({ id }) => id)).toEqual([1, 3, 4]);
    expect(await json({ ...parameters, removeOtherFields: true }, people)).toEqual([
      { at: { city: "Rome" } },
      { at: { city: "Oslo" } },
      {},
    ]);
    await expect(run({ compare: "selectedFields" }, people)).rejects.toThrow('Parameter "fieldsToCompare": is empty');
  });

  it("compares all fields but some", async () => {
    const parameters = { compare: "allFieldsExcept", fieldsToExclude: "id, at.zip" };
    expect((await json(parameters, people))?.map(({ id }) => id)).toEqual([1, 3, 4]);
    expect((await json({ ...parameters, removeOtherFields: true }, people))?.[0]).toEqual({ at: { city: "Rome" } });
  });

  it("takes names with dots as they are when told", async () => {
    const items: JsonObject[] = [{ "a.b": 1 }, { "a.b": 1, a: { b: 2 } }];
    expect(await json({ compare: "selectedFields", fieldsToCompare: "a.b", dotNotation: false }, items)).toHaveLength(1);
  });

  it("goes through 100,000 items quickly", async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ n: n % 5000, o: { x: n % 2 } }));
    const started = performance.now();
    expect(await json({}, many)).toHaveLength(5000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
