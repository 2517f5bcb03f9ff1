import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

it("passes on what failed, and an example of it in a run by hand", async () => {
  const failure = { execution: { id: "exec_1" }, workflow: { id: "f", name: "Orders" } };
  expect((await executeForTest("error-trigger", { items: [failure] })).json).toEqual([[failure]]);
  expect((await executeForTest("error-trigger", { items: [{}] })).json[0]?.[0]).toMatchObject({
    execution: { error: { message: expect.any(String) } },
  });
});
