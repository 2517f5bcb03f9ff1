import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const rename = async (parameters: JsonObject, item: JsonObject) =>
  (await executeForTest("rename-keys", { parameters, items: [{ json: item }] })).json[0]?.[0];
const keys = (...list: [string, string][]) => ({ keys: list.map(([currentKey, newKey]) => ({ currentKey, newKey })) });
const regex = (searchRegex: string, replaceRegex: string, extra: JsonObject = {}) => ({
  regexReplacements: [{ searchRegex, replaceRegex, ...extra }],
});

describe("Rename Keys", () => {
  it("moves values from name to name, into and out of objects", async () => {
    expect(await rename(keys(["a", "b"], ["o.x", "x"], ["c", "o.c"]), { a: 1, o: { x: 2, y: 3 }, c: null })).toEqual({
      b: 1,
      x: 2,
      o: { y: 3, c: null },
    });
  });

  it("leaves alone what is not there, unnamed or unchanged", async () => {
    expect(await rename(keys(["none", "x"], ["", "y"], ["a", ""], ["a", "a"]), { a: 1 })).toEqual({ a: 1 });
    expect(await rename(keys(["a", "b"], ["b", "a"]), { a: 1, b: 2 })).toEqual({ a: 1 });
  });

  const nested = { old_a: 1, old_o: { old_b: [{ old_c: { old_d: 1 } }] }, Old_e: 2 };

  it("renames by a pattern at every depth", async () => {
    expect(await rename(regex("^old_(.)", "new-$1"), nested)).toEqual({
      "new-a": 1,
      "new-o": { "new-b": [{ "new-c": { "new-d": 1 } }] },
      Old_e: 2,
    });
    expect(await rename(regex("O", "0", { caseInsensitive: true, depth: 0 }), { foo: { foo: 1 } })).toEqual({ f00: { foo: 1 } });
  });

  it("no deeper than told, and what was renamed before as well", async () => {
    expect(await rename(regex("old_", "", { depth: 1 }), nested)).toEqual({ a: 1, o: { b: [{ old_c: { old_d: 1 } }] }, Old_e: 2 });
    expect(await rename({ ...keys(["a", "b"]), ...regex("b", "c") }, { a: 1 })).toEqual({ c: 1 });
  });

  it("names a pattern that can't be used, and never hangs on one", async () => {
    await expect(rename(regex("(", "x"), { a: 1 })).rejects.toThrow('Parameter "regexReplacements[0].searchRegex" (item 0)');
    const started = performance.now();
    await rename(regex("^(a+)+$", "x"), { [`${"a".repeat(5000)}!`]: 1 });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("keeps files and lineage", async () => {
    const binary = { doc: { mimeType: "text/plain", data: "" } };
    const { outputs } = await executeForTest("rename-keys", { parameters: keys(["a", "b"]), items: [{ json: { a: 1 }, binary }] });
    expect(outputs[0]).toEqual([{ json: { b: 1 }, binary, pairedItem: { item: 0 } }]);
  });
});
