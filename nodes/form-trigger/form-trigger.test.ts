import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

it("passes on what came", async () => {
  expect((await executeForTest("form-trigger", { items: [{ a: 1 }] })).json).toEqual([[{ a: 1 }]]);
  expect((await executeForTest("form-trigger", { items: [] })).json[0]).toHaveLength(1);
});
