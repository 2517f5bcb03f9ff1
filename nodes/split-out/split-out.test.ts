import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const split = async (parameters: JsonObject, ...items: JsonObject[]) =>
  (await executeForTest("split-out", { parameters, items: items.map((json) => ({ json })) })).json[0];

describe("Split Out", () => {
  it("makes an item of each entry: objects take the item's place, other values keep the field's name", async () => {
    expect(await split({ fieldToSplitOut: "list" }, { a: 1, list: [{ x: 1 }, { x: 2 }] })).toEqual([{ x: 1 }, { x: 2 }]);
    expect(await split({ fieldToSplitOut: "list" }, { list: [1, null, [2]] })).toEqual([{ list: 1 }, { list: null }, { list: [2] }]);
    expect(await split({ fieldToSplitOut: "a.list" }, { a: { list: ["x"] } })).toEqual([{ "a.list": "x" }]);
  });

  it("keeps all or some of the other fields", async () => {
    const item = { id: 7, o: { p: 1, list: [{ x: 1 }, { x: 2 }] } };
    expect(await split({ fieldToSplitOut: "o.list", include: "allOtherFields" }, item)).toEqual([
      { id: 7, o: { p: 1 }, "o.list": { x: 1 } },
      { id: 7, o: { p: 1 }, "o.list": { x: 2 } },
    ]);
    expect(await split({ fieldToSplitOut: "o.list", include: "selectedOtherFields", fieldsToInclude: "id, none" }, item)).toEqual([
      { id: 7, "o.list": { x: 1 } },
      { id: 7, "o.list": { x: 2 } },
    ]);
  });

  it("splits several lists side by side, into fields of other names when told", async () => {
    const item = { a: [1, 2], b: ["x"] };
    expect(await split({ fieldToSplitOut: "a, b" }, item)).toEqual([{ a: 1, b: "x" }, { a: 2 }]);
    expect(await split({ fieldToSplitOut: "a,b", destinationFieldName: "c.d,e" }, item)).toEqual([{ "c.d": 1, e: "x" }, { "c.d": 2 }]);
    await expect(split({ fieldToSplitOut: "a,b", destinationFieldName: "c" }, item)).rejects.toThrow("names 1 fields, but 2 are split out");
  });

  it("splits an object into its values, and leaves a single value alone", async () => {
    expect(await split({ fieldToSplitOut: "o" }, { o: { one: { x: 1 }, two: { x: 2 } } })).toEqual([{ x: 1 }, { x: 2 }]);
    expect(await split({ fieldToSplitOut: "v" }, { v: "text" })).toEqual([{ v: "text" }]);
  });

  it("takes a name with dots as it is when told", async () => {
    expect(await split({ fieldToSplitOut: "a.b", dotNotation: false }, { "a.b": [1], a: { b: [2] } })).toEqual([{ "a.b": 1 }]);
  });

  it("says which field no item has, and needs one", async () => {
    const outcome = await executeForTest("split-out", { parameters: { fieldToSplitOut: "lst" }, items: [{ list: [1] }] });
    expect(outcome.json).toEqual([[]]);
    expect(outcome.logs[0]?.message).toBe('No item has a field "lst" to split out');
    await expect(split({}, {})).rejects.toThrow('Parameter "fieldToSplitOut" (item 0): is empty');
  });

  it("pairs each entry with its item, and takes files along or apart", async () => {
    const file = (data: string) => ({ mimeType: "text/plain", data });
    const items = [{ json: { list: [1, 2] }, binary: { one: file("MQ=="), two: file("Mg==") } }, { json: { list: [3] } }];
    const lists = await executeForTest("split-out", { parameters: { fieldToSplitOut: "list", includeBinary: true }, items });
    expect(lists.outputs[0]?.map(({ pairedItem, binary }) => [pairedItem, Object.keys(binary ?? {})])).toEqual([
      [{ item: 0 }, ["one", "two"]],
      [{ item: 0 }, ["one", "two"]],
      [{ item: 1 }, []],
    ]);
    const files = await executeForTest("split-out", { parameters: { fieldToSplitOut: "$binary" }, items });
    expect(files.outputs[0]?.map(({ binary }) => binary)).toEqual([{ one: file("MQ==") }, { two: file("Mg==") }]);
  });

  it("leaves its input as it was, and takes 100,000 entries quickly", async () => {
    const item = { list: [{ x: 1 }] };
    await split({ fieldToSplitOut: "list", include: "allOtherFields" }, item);
    expect(item).toEqual({ list: [{ x: 1 }] });
    const big = { list: Array.from({ length: 100_000 }, (_, n) => ({ n })), other: 1 };
    const started = performance.now();
    expect(await split({ fieldToSplitOut: "list", include: "allOtherFields" }, big)).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
