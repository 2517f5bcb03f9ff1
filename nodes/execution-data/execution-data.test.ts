import { expect, it } from "vitest";
import { createMemoryCustomData } from "@/flow/node/custom-data";
import { executeForTest } from "../testing/execute";

it("logs values of each item and hands the items on", async () => {
  const customData = createMemoryCustomData();
  const { outputs, logs } = await executeForTest("execution-data", {
    customData,
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
  expect(await customData({ key: "later#0" }).read()).toEqual({ customer: "x".repeat(512), order: '{"a":1}' });
});

it("names values with letters, digits and underscores, and keeps ten", async () => {
  const named = { parameters: { dataToSave: [{ key: "e-mail", value: 1 }] } };
  await expect(executeForTest("execution-data", named)).rejects.toThrow('cannot be named "e-mail"');
  const customData = createMemoryCustomData();
  await customData({ key: "before#0" }).write(Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, "v"])));
  const dataToSave = ["k0", "new", "more"].map((key) => ({ key, value: key }));
  const { logs } = await executeForTest("execution-data", { parameters: { dataToSave }, customData });
  expect(logs.at(-1)).toEqual({ level: "warn", message: "An execution has 10 values of custom data: more found no room" });
  expect(Object.keys(await customData({ key: "later#0" }).read())).toHaveLength(10);
});

it("wants a key for each value", async () => {
  const visit = { parameters: { dataToSave: [{ key: "", value: 1 }] } };
  await expect(executeForTest("execution-data", visit)).rejects.toThrow('Parameter "dataToSave[0].key" (item 0): is empty');
});
