import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

it("passes on what the run was started with, and one empty item when it was nothing", async () => {
  expect((await executeForTest("manual-trigger", { items: [{ a: 1 }, { a: 2 }] })).json).toEqual([[{ a: 1 }, { a: 2 }]]);
  expect((await executeForTest("manual-trigger", { items: [] })).json).toEqual([[{}]]);
});
