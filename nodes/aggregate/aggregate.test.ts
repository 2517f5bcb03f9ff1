import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const run = (parameters: JsonObject, items: JsonObject[]) =>
  executeForTest("aggregate", { parameters, items: items.map((json) => ({ json })) });
const json = async (parameters: JsonObject, items: JsonObject[]) => (await run(parameters, items)).json[0];
const of = (...names: string[]) => ({ fieldsToAggregate: names.map((fieldToAggregate) => ({ fieldToAggregate })) });

describe("Aggregate: single fields", () => {
  const items: JsonObject[] = [{ id: 1, user: { tags: ["a"] } }, { id: null }, { user: { tags: ["b", "c"] } }];

  it("makes a list of each field's values, leaving out what is null or missing", async () => {
    expect(await json(of("id", "user.tags"), items)).toEqual([{ id: [1], tags: [["a"], ["b", "c"]] }]);
    expect(await json({ ...of("id"), keepMissing: true }, items)).toEqual([{ id: [1, null, null] }]);
    expect(await json({ ...of("user.tags"), mergeLists: true }, items)).toEqual([{ tags: ["a", "b", "c"] }]);
    expect(await json({ ...of("a.b"), dotNotation: false }, [{ "a.b": 1 }])).toEqual([{ "a.b": [1] }]);
  });

  it("names lists as told, and never two the same", async () => {
    const renamed = [{ fieldToAggregate: "id", renameField: true, outputFieldName: "all.ids" }];
    expect(await json({ fieldsToAggregate: renamed }, items)).toEqual([{ all: { ids: [1] } }]);
    await expect(run(of("a.id", "b.id"), items)).rejects.toThrow('two lists would be called "id"');
    await expect(run({}, items)).rejects.toThrow('Parameter "fieldsToAggregate": is empty');
  });

  it("says which field no item has", async () => {
    const outcome = await run(of("ident"), items);
    expect(outcome.json).toEqual([[{ ident: [] }]]);
    expect(outcome.logs[0]?.message).toBe('No item has a field "ident"');
  });
});

describe("Aggregate: whole items", () => {
  const whole = { aggregate: "aggregateAllItemData" };
  const items: JsonObject[] = [{ a: 1, b: { c: 2, d: 3 } }, { a: 2 }, { b: { c: 4 } }];

  it("makes one list of them, with all, some, or all but some of their fields", async () => {
    expect(await json(whole, items)).toEqual([{ data: items }]);
    expect(await json({ ...whole, include: "specifiedFields", fieldsToInclude: "b.c", destinationFieldName: "list" }, items)).toEqual([
      { list: [{ b: { c: 2 } }, { b: { c: 4 } }] },
    ]);
    expect(await json({ ...whole, include: "allFieldsExcept", fieldsToExclude: "a, b.d" }, items)).toEqual([
      { data: [{ b: { c: 2 } }, { b: { c: 4 } }] },
    ]);
  });

  it("is made from all of its items, and takes their files along when told", async () => {
    const file = (data: string) => ({ mimeType: "text/plain", data, fileSize: data.length });
    const visit = { items: [1, 2, 3].map((n) => ({ json: { n }, binary: { doc: file(n === 3 ? "longer" : "same") } })) };
    const { outputs } = await executeForTest("aggregate", { ...visit, parameters: { ...whole, includeBinaries: true } });
    expect(outputs[0]?.[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
    expect(Object.keys(outputs[0]?.[0]?.binary ?? {})).toEqual(["doc", "doc_1", "doc_2"]);
    const unique = await executeForTest("aggregate", { ...visit, parameters: { ...whole, includeBinaries: true, keepOnlyUnique: true } });
    expect(unique.outputs[0]?.[0]?.binary).toEqual({ doc: file("same"), doc_1: file("longer") });
  });

  it("takes 100,000 items quickly", async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ n, o: { x: n } }));
    const started = performance.now();
    await run(of("n", "o.x"), many);
    await run({ ...whole, include: "allFieldsExcept", fieldsToExclude: "o.x" }, many);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
