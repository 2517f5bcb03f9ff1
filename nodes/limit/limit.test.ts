import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

const items = [{ n: 1 }, { n: 2 }, { n: 3 }];

it("keeps the first or the last items, with their lineage", async () => {
  const keep = async (parameters: { maxItems: number; keep?: string }) =>
    (await executeForTest("limit", { parameters, items })).outputs[0]?.map(({ json, pairedItem }) => [json.n, pairedItem]);
  expect(await keep({ maxItems: 2 })).toEqual([
    [1, { item: 0 }],
    [2, { item: 1 }],
  ]);
  expect(await keep({ maxItems: 2, keep: "last" })).toEqual([
    [2, { item: 1 }],
    [3, { item: 2 }],
  ]);
  expect(await keep({ maxItems: 9 })).toHaveLength(3);
});
