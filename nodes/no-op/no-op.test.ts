import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

it("passes items on unchanged, files too, each paired with itself", async () => {
  const binary = { f: { mimeType: "text/plain", data: "aGk=" } };
  const { outputs } = await executeForTest("no-op", { items: [{ json: { a: 1 }, binary, pairedItem: { item: 7 } }, { b: 2 }] });
  expect(outputs).toEqual([
    [
      { json: { a: 1 }, binary, pairedItem: { item: 0 } },
      { json: { b: 2 }, pairedItem: { item: 1 } },
    ],
  ]);
});
