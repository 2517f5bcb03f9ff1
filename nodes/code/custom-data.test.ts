import { afterAll, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { createMemoryCustomData } from "@/flow/node/custom-data";
import { createMemoryStorage } from "@/flow/node/memory-storage";
// The real sandbox: what this node promises only shows when its prelude runs. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest } from "../testing/execute";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

async function run(code: string, parameters: JsonObject = {}, before: Record<string, string> = {}) {
  const customData = createMemoryCustomData();
  await customData({ key: "before#0" }).write(before);
  const storage = createMemoryStorage();
  const outcome = await executeForTest("code", {
    sandbox,
    customData,
    storage,
    parameters: { code, ...parameters },
    items: [{ n: 1 }, { n: 2 }],
  });
  return { ...outcome, after: await customData({ key: "after#0" }).read(), storage };
}

it("is set and read by code, over what was set before", async () => {
  const { json, after } = await run(
    "$execution.customData.set('a', 1); $execution.customData.setAll({ b: true, c: 'x' }); return [{ json: $execution.customData.getAll() }];",
    {},
    { a: "old", z: "0" },
  );
  expect(json).toEqual([[{ a: "1", z: "0", b: "true", c: "x" }]]);
  expect(after).toEqual({ a: "1", z: "0", b: "true", c: "x" });
});

it("is set for each item, in TypeScript, and beside static data", async () => {
  const { json, after } = await run("$execution.customData.set('last', $json.n); return { was: $execution.customData.get('last') };", {
    mode: "eachItem",
  });
  expect([json, after]).toEqual([[[{ was: "1" }, { was: "2" }]], { last: "2" }]);
  const both = await run("const n: number = 3; $getWorkflowStaticData('global').n = n; $execution.customData.set('n', n); return [];", {
    language: "typescript",
  });
  expect(both.json).toEqual([[]]);
  expect(both.after).toEqual({ n: "3" });
  expect(await both.storage.of({ key: "x#0", nodeId: "x" }).staticData.read("global")).toEqual({ n: 3 });
});

it("is cut to its length, refused under other names, and forgotten when the code fails", async () => {
  expect((await run("$execution.customData.set('long', 'v'.repeat(600)); return []")).after.long).toHaveLength(512);
  await expect(run("$execution.customData.set('e-mail', 1); return []")).rejects.toThrow("letters, digits and _ only");
  await expect(run("$execution.customData.set('none'); return []")).rejects.toThrow("has no value");
  await expect(run("$execution.customData.set('a', 1); throw new Error('no')")).rejects.toThrow("no");
});

it("keeps ten values and says which found no room", async () => {
  const { after, logs } = await run("for (let n = 0; n < 12; n++) $execution.customData.set('k' + n, n); return []");
  expect(Object.keys(after)).toHaveLength(10);
  expect(logs.at(-1)?.message).toContain("k10, k11 found no room");
});
