import { expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { effectOf, outputHandles } from "@/flow/node/define-node";
import { createMemoryStorage, type MemoryStorage } from "@/flow/node/memory-storage";
import { executeForTest } from "../testing/execute";
import { removeDuplicates } from "./definition";

/** Runs the node as one execution after another, each with items of these values; gives what each kept and discarded. */
async function executions(parameters: JsonObject, runs: unknown[][], storage: MemoryStorage = createMemoryStorage()) {
  const results: unknown[] = [];
  for (const [index, values] of runs.entries()) {
    const { json } = await executeForTest("remove-duplicates", {
      parameters: { operation: "earlier", value: "={{ $json.v }}", ...parameters },
      items: values.map((v) => ({ v }) as JsonObject),
      storage,
      execution: `exec_${index}`,
    });
    results.push(json.map((list) => list.map(({ v }) => v)));
  }
  return results;
}

it("keeps what no earlier execution has seen; the rest leaves by the other output", async () => {
  expect(
    await executions({}, [
      [1, "a", { x: 1 }],
      ["a", 2, 2],
      [2, { x: 1 }, 3],
    ]),
  ).toEqual([
    [[1, "a", { x: 1 }], []],
    [[2, 2], ["a"]],
    [[3], [2, { x: 1 }]],
  ]);
});

it("forgets the oldest values beyond the history's size", async () => {
  expect(
    await executions({ historySize: 2 }, [
      [1, 2, 3],
      [1, 3],
    ]),
  ).toEqual([
    [[1, 2, 3], []],
    [[1], [3]],
  ]);
});

it("keeps what is higher, or later, than anything before", async () => {
  expect(
    await executions({ keepWhere: "higher" }, [
      [5, 3],
      [5, 6, "7"],
      [7, 8],
    ]),
  ).toEqual([
    [[5, 3], []],
    [[6, "7"], [5]],
    [[8], [7]],
  ]);
  const day = (n: number) => `2026-01-0${n}T00:00:00Z`;
  expect(await executions({ keepWhere: "later" }, [[day(2)], [day(1), "2026-01-02T03:00:00+02:00", day(2)]])).toEqual([
    [[day(2)], []],
    [["2026-01-02T03:00:00+02:00"], [day(1), day(2)]],
  ]);
  await expect(executions({ keepWhere: "higher" }, [["x"]])).rejects.toThrow('"value" (item 0): must be a number, but is "x"');
  await expect(executions({ keepWhere: "later" }, [["soon"]])).rejects.toThrow("must be a date");
  await expect(executions({}, [[null]])).rejects.toThrow('"value" (item 0): is empty');
});

it("does not take its own items for earlier ones when a step is run again", async () => {
  const storage = createMemoryStorage();
  const visit = {
    parameters: { operation: "earlier", value: "={{ $json.v }}" },
    items: [{ v: 1 }, { v: 2 }],
    storage,
    execution: "exec_1",
  };
  const first = await executeForTest("remove-duplicates", visit);
  expect((await executeForTest("remove-duplicates", visit)).json).toEqual(first.json);
  expect((await executeForTest("remove-duplicates", { ...visit, execution: "exec_2" })).json).toEqual([[], [{ v: 1 }, { v: 2 }]]);
});

it("forgets what was seen when told", async () => {
  const storage = createMemoryStorage();
  await executions({}, [[1]], storage);
  const { json } = await executeForTest("remove-duplicates", { parameters: { operation: "clear" }, items: [{ a: 1 }], storage });
  expect(json).toEqual([[{ a: 1 }]]);
  expect(await executions({}, [[1]], storage)).toEqual([[[1], []]]);
});

it("pairs items with those that came in, and says what it does before it runs", async () => {
  const { outputs } = await executeForTest("remove-duplicates", {
    parameters: { operation: "earlier", value: "={{ $json.v }}" },
    items: [{ v: 1 }, { v: 2 }],
  });
  expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
  expect(["input", "earlier", "clear"].map((operation) => effectOf(removeDuplicates, { operation }))).toEqual(["pure", "write", "write"]);
  expect(outputHandles(removeDuplicates, { parameters: { operation: "earlier" } }).map(({ name }) => name)).toEqual(["main", "discarded"]);
});
