import { afterAll, expect, it } from "vitest";
import { effectOf } from "@/flow/node/define-node";
import { createMemoryStorage } from "@/flow/node/memory-storage";
// The real sandbox: what this node promises only shows when its prelude runs. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest } from "../testing/execute";
import { code as definition } from "./definition";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

const memory = createMemoryStorage();
const run = (code: string, parameters: Record<string, string> = {}, storage = memory) =>
  executeForTest("code", { sandbox, storage, parameters: { code, ...parameters }, items: [{ n: 1 }, { n: 2 }] });
const keptBy = (nodeId: string, of: "global" | "node", storage = memory) => storage.of({ key: "other#0", nodeId }).staticData.read(of);

it("keeps what code changes in place, the flow's and the node's apart", async () => {
  const { json } = await run(`
    const data = $getWorkflowStaticData('global');
    data.count = (data.count || 0) + 1;
    $getWorkflowStaticData('node').own = [1];
    return [{ json: { count: data.count } }];`);
  expect(json).toEqual([[{ count: 1 }]]);
  expect(await keptBy("other", "global")).toEqual({ count: 1 });
  expect(await keptBy("other", "node")).toEqual({});
  expect(await keptBy("n1", "node")).toEqual({ own: [1] });
});

it("does so for each item, by its old name, and in TypeScript", async () => {
  const storage = createMemoryStorage();
  const code = "const data = getWorkflowStaticData('global'); data.sum = (data.sum ?? 0) + $json.n; return { sum: data.sum };";
  expect((await run(code, { mode: "eachItem" }, storage)).json).toEqual([[{ sum: 1 }, { sum: 3 }]]);
  expect(await keptBy("x", "global", storage)).toEqual({ sum: 3 });
  const typed = "const data = $getWorkflowStaticData('node') as { a?: number }; data.a = 1; return [];";
  expect((await run(typed, { language: "typescript" }, storage)).json).toEqual([[]]);
  expect(await keptBy("n1", "node", storage)).toEqual({ a: 1 });
});

it("keeps nothing of code that fails, and says what is wrong", async () => {
  const storage = createMemoryStorage();
  await expect(run("$getWorkflowStaticData('global').x = 1; throw new Error('no')", {}, storage)).rejects.toThrow("no");
  expect(await keptBy("x", "global", storage)).toEqual({});
  await expect(run("return $getWorkflowStaticData('flow')", {}, storage)).rejects.toThrow("'global' or 'node'");
  await expect(run("\nreturn $getWorkflowStaticData('global').a.b", {}, storage)).rejects.toThrow("[line 2]");
});

it("takes nothing from the sandbox that is no object", async () => {
  const storage = createMemoryStorage();
  const code = "$getWorkflowStaticData('global').toJSON = () => 5; return []";
  await expect(run(code, {}, storage)).rejects.toThrow("must stay an object");
  const big = "$getWorkflowStaticData('global').x = 'x'.repeat(2e6); return []";
  await expect(run(big, {}, storage)).rejects.toThrow("at most 1048576 are stored");
});

it("counts as writing only where code keeps something", () => {
  expect(effectOf(definition, { code: "return []" })).toBe("pure");
  expect(effectOf(definition, { code: "$getWorkflowStaticData('node').n = 1" })).toBe("write");
});
