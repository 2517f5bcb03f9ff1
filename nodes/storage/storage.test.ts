import { expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { effectOf } from "@/flow/node/define-node";
import { createMemoryStorage } from "@/flow/node/memory-storage";
import { executeForTest, type TestVisit } from "../testing/execute";
import { given, runFlow } from "../testing/run-flow";
import { storage as definition } from "./definition";

const storage = createMemoryStorage();
const run = async (parameters: JsonObject, visit: TestVisit = {}) => executeForTest("storage", { storage, ...visit, parameters });
const json = async (parameters: JsonObject, items?: JsonObject[]) => (await run(parameters, items && { items })).json[0];

it("keeps a value for the next execution", async () => {
  expect(await json({ operation: "set", key: "last", value: "={{ $json.id }}" }, [{ id: 7 }])).toEqual([{ id: 7, value: 7 }]);
  expect(await json({ key: "last", outputField: "seen.last" })).toEqual([{ seen: { last: 7 } }]);
  expect(await json({ key: "nothing" })).toEqual([{ value: null }]);
  expect(await json({ key: "nothing", fallback: '{"n": 1}' })).toEqual([{ value: { n: 1 } }]);
});

it("keeps what all flows share apart from what is the flow's", async () => {
  await run({ operation: "set", scope: "organization", key: "shared", value: "plain text" });
  expect(await json({ key: "shared" })).toEqual([{ value: null }]);
  expect(await json({ key: "shared", scope: "organization" })).toEqual([{ value: "plain text" }]);
});

it("counts for each item, and collects up to a length", async () => {
  expect(await json({ operation: "increment", key: "n", by: "={{ $json.by }}" }, [{ by: 2 }, { by: 3 }])).toEqual([
    { by: 2, value: 2 },
    { by: 3, value: 5 },
  ]);
  const append = { operation: "append", key: "list", value: "={{ $json.v }}", maxLength: 2 };
  expect((await json(append, [{ v: 1 }, { v: "a" }, { v: { x: 1 } }]))?.at(-1)?.value).toEqual(["a", { x: 1 }]);
  await expect(run({ operation: "increment", key: "list" })).rejects.toThrow('"list" can\'t be incremented: it is a list');
  await expect(run({ operation: "append", key: "n", value: 1 })).rejects.toThrow('appended to "n": it is a number');
});

it("lists by prefix and deletes, but nothing of the product's own", async () => {
  await storage.of({ key: "x#0", nodeId: "x" }).set("$own", 1);
  await run({ operation: "set", key: "p:1", value: 1 });
  await run({ operation: "set", key: "p:2", value: 2 });
  expect(await json({ operation: "list", prefix: "p:" })).toEqual([
    { key: "p:1", value: 1 },
    { key: "p:2", value: 2 },
  ]);
  expect((await json({ operation: "list" }))?.map(({ key }) => key)).not.toContain("$own");
  await expect(run({ key: "$own" })).rejects.toThrow('Parameter "key" (item 0): begins with $');
  expect(await json({ operation: "delete", key: "p:1" })).toEqual([{ deleted: true }]);
  expect(await json({ operation: "delete", key: "p:1" })).toEqual([{ deleted: false }]);
});

it("goes on with the other items when the node does, with files and lineage kept", async () => {
  const binary = { data: { mimeType: "text/plain", data: "aGk=" } };
  const { outputs } = await run(
    { operation: "set", key: "={{ $json.key }}", value: 1 },
    { items: [{ json: { key: "" } }, { json: { key: "ok" }, binary }], continueOnFail: true },
  );
  expect(outputs[0]).toMatchObject([
    { error: { name: "ParameterError" }, pairedItem: { item: 0 } },
    { json: { key: "ok", value: 1 }, binary, pairedItem: { item: 1 } },
  ]);
});

it("writes, reads, and says which it does before it runs", async () => {
  const effects = ["get", "list", "set", "increment", "append", "delete", "={{ $json.op }}"].map((operation) =>
    effectOf(definition, { operation }),
  );
  expect(effects).toEqual(["read", "read", "write", "write", "write", "write", "write"]);
  const run = await runFlow(
    {
      Count: { type: "storage", at: [1, 0], parameters: { operation: "increment", key: "n" } },
      Read: { type: "storage", at: [2, 0], parameters: { key: "n", outputField: "read" } },
    },
    ["Start -> Count", "Count -> Read"],
    [{}, {}],
  );
  expect(given(run, "Read#0")).toEqual([
    { value: 1, read: 2 },
    { value: 2, read: 2 },
  ]);
});
