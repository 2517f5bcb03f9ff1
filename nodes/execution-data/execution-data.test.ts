import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

it("logs values of each item and hands the items on", async () => {
  const { outputs, logs } = await executeForTest("execution-data", {
    parameters: {
      dataToSave: [
        { key: "customer", value: "={{ $json.id }}" },
        { key: "order", value: { a: 1 } },
      ],
    },
    items: [{ id: 7 }, { id: "x".repeat(1000) }],
  });
  expect(outputs[0]?.map(({ json, pairedItem }) => [String(json.id).length, pairedItem])).toEqual([
    [1, { item: 0 }],
    [1000, { item: 1 }],
  ]);
  expect(logs[0]).toEqual({ level: "info", message: 'customer: 7, order: {"a":1}' });
  expect(logs[1]?.message).toHaveLength("customer: ".length + 512 + ', order: {"a":1}'.length);
});

it("wants a key for each value", async () => {
  const visit = { parameters: { dataToSave: [{ key: "", value: 1 }] } };
  await expect(executeForTest("execution-data", visit)).rejects.toThrow('Parameter "dataToSave[0].key" (item 0): is empty');
});
