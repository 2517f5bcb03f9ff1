import { Binary, Decimal128, Long, ObjectId } from "bson";
import { MongoClient } from "mongodb";
import { afterEach, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { createConnect } from "@/server/http/connect";
import { type MongoFake, startMongoFake } from "@/server/testing/mongo-fake";
import { executeForTest, type TestVisit } from "../testing/execute";

const servers: MongoFake[] = [];
async function server(hello?: Parameters<typeof startMongoFake>[0]): Promise<MongoFake> {
  const started = await startMongoFake(hello);
  servers.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => each.close()));
});

const run = (to: MongoFake, parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("mongodb", {
    connect: createConnect({ allowlist: servers.map(({ port }) => `127.0.0.1:${port}`) }),
    ...visit,
    parameters: { collection: "orders", ...parameters },
    credentials: {
      mongodb: { host: "127.0.0.1", port: String(to.port), user: "shop", password: "correct horse", database: "db", ...fields },
    },
  });

it("has a stand-in to test with that the official driver takes for a server", async () => {
  const fake = await server();
  const client = new MongoClient(
    `mongodb://shop:correct%20horse@127.0.0.1:${fake.port}/?authMechanism=SCRAM-SHA-256&directConnection=true`,
  );
  try {
    const orders = client.db("db").collection("orders");
    await orders.insertMany([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await orders.updateMany({ n: 2 }, { $set: { paid: true } });
    expect(
      await orders
        .find({})
        .map(({ n, paid }) => [n, paid])
        .toArray(),
    ).toEqual([
      [1, undefined],
      [2, true],
      [3, undefined],
    ]);
    expect((await orders.deleteMany({ n: 1 })).deletedCount).toBe(1);
    await expect(orders.insertOne({ _id: fake.collections.get("orders")?.[0]?._id })).rejects.toThrow("E11000");
  } finally {
    await client.close();
  }
});

it("inserts, finds, aggregates, updates and deletes documents", async () => {
  const fake = await server();
  const items = [{ name: "a" }, { name: "b" }, { name: "c" }];
  const inserted = await run(fake, { operation: "insert", document: "={{ $json }}" }, { items });
  expect(inserted.outputs[0]).toMatchObject(
    items.map((json, item) => ({ json: { ...json, _id: expect.stringMatching(/^[0-9a-f]{24}$/) }, pairedItem: { item } })),
  );
  const [first] = inserted.json[0] ?? [];
  expect((await run(fake, { query: { _id: String(first?._id) } })).json[0]).toEqual([first]);
  expect((await run(fake, { limit: 0 })).json[0]?.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect((await run(fake, { operation: "aggregate", pipeline: '[{ "$match": { "name": "b" } }]' })).json[0]).toMatchObject([{ name: "b" }]);
  const set = await run(fake, { operation: "update", query: { name: "a" }, update: { total: 5 } });
  expect(set.json[0]).toEqual([{ matchedCount: 1, modifiedCount: 1, upsertedId: null }]);
  expect(
    (await run(fake, { operation: "update", query: { name: "z" }, update: { total: 1 }, upsert: true })).json[0]?.[0]?.upsertedId,
  ).toBe("new");
  expect((await run(fake, { operation: "findOneAndUpdate", query: { name: "a" }, update: { $inc: { total: 2 } } })).json[0]).toMatchObject([
    { name: "a", total: 7 },
  ]);
  expect((await run(fake, { operation: "delete", query: { _id: { $in: [String(first?._id)] } } })).json[0]).toEqual([{ deletedCount: 1 }]);
  expect(fake.commands.every((command) => command.$db === "db")).toBe(true);
});

it("inserts a document once, however often the step is tried", async () => {
  const fake = await server();
  const one = await run(fake, { operation: "insert" }, { items: [{ n: 1 }] });
  const again = await run(fake, { operation: "insert" }, { items: [{ n: 1 }] });
  expect(again.json).toEqual(one.json);
  expect(fake.collections.get("orders")).toHaveLength(1);
  await expect(run(fake, { operation: "insert" }, { items: [{ _id: "x" }, { _id: "x" }] })).rejects.toThrow("E11000");
});

it("gives the types that JSON has, and takes those that it has not", async () => {
  const fake = await server();
  const id = new ObjectId();
  fake.collections.set("orders", [
    {
      _id: id,
      at: new Date("2026-01-31T00:00:00Z"),
      long: Long.fromString("9007199254740993"),
      small: Long.fromNumber(5),
      price: Decimal128.fromString("1.50"),
      bytes: new Binary(Buffer.from("ABC")),
      list: [id],
    },
  ]);
  const { json } = await run(fake, { query: '{ "at": { "$date": "2026-01-31T00:00:00Z" } }' });
  expect(json[0]).toEqual([
    {
      _id: id.toHexString(),
      at: "2026-01-31T00:00:00.000Z",
      long: "9007199254740993",
      small: 5,
      price: "1.50",
      bytes: "QUJD",
      list: [id.toHexString()],
    },
  ]);
});

it("goes to the primary of a replica set", async () => {
  const primary = await server();
  const secondary = await server({ isWritablePrimary: false, secondary: true, primary: `127.0.0.1:${primary.port}` });
  await run(secondary, { operation: "insert", document: { n: 1 } });
  expect(primary.collections.get("orders")).toHaveLength(1);
  const elsewhere = await server({ isWritablePrimary: false, primary: "169.254.169.254:27017" });
  await expect(run(elsewhere, {})).rejects.toThrow("is not the primary");
});

it("says what is wrong and where, without the secret, and changes nothing by accident", async () => {
  const fake = await server();
  await expect(run(fake, {}, {}, { password: "wrong wrong" })).rejects.toMatchObject({
    name: "FatalError",
    message: `MongoDB at 127.0.0.1:${fake.port}: Authentication failed. [AuthenticationFailed]`,
  });
  const { outputs } = await run(
    fake,
    { operation: "delete", query: "={{ $json.query }}" },
    { items: [{ query: {} }, { query: "{" }, { query: { a: 1 } }], continueOnFail: true },
  );
  expect(outputs[0]?.map(({ json, error }) => error?.message.slice(0, 40) ?? json)).toEqual([
    'Parameter "query" (item 0): is empty and',
    'Parameter "query" (item 1): is not valid',
    { deletedCount: 0 },
  ]);
  await expect(run(fake, { operation: "aggregate", pipeline: [{ $out: "x" }] })).rejects.toThrow("only reads");
  fake.collections.set(
    "orders",
    Array.from({ length: 20 }, (_, _id) => ({ _id })),
  );
  await expect(run(fake, { limit: 0, maxDocuments: 5 })).rejects.toThrow("more than 5 documents");
  await expect(run(fake, {}, { connect: createConnect({ allowlist: [] }) })).rejects.toThrow("not allowed");
});

it("closes its connection, when it is done and when it is cancelled", async () => {
  const fake = await server();
  await run(fake, {});
  const cancel = new AbortController();
  const running = expect(run(fake, { collection: "hang" }, { signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => fake.commands.some(({ find }) => find === "hang")).toBe(true);
  cancel.abort();
  await running;
  await expect.poll(() => fake.open()).toBe(0);
});
