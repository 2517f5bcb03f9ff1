import { afterEach, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { createConnect } from "@/server/http/connect";
import { type RedisFake, startRedisFake } from "@/server/testing/redis-fake";
import { executeForTest, type TestVisit } from "../testing/execute";

const servers: RedisFake[] = [];
async function server(options?: Parameters<typeof startRedisFake>[0]): Promise<RedisFake> {
  const started = await startRedisFake(options);
  servers.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => each.close()));
});

const run = (to: RedisFake, parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("redis", {
    connect: createConnect({ allowlist: [`127.0.0.1:${to.port}`] }),
    ...visit,
    parameters,
    credentials: { redis: { host: "127.0.0.1", port: String(to.port), password: "correct horse", ...fields } },
  });

it("sets and gets texts, hashes, lists and sets, whatever is in them", async () => {
  // Answers come byte by byte.
  const fake = await server({ pieces: 1 });
  const hostile = "a\r\n*1\r\n$8\r\nFLUSHALL\r\n ü";
  const set = await run(
    fake,
    { operation: "set", key: hostile, value: "={{ $json.text }}", expireSeconds: 60 },
    { items: [{ text: hostile }] },
  );
  expect(set.json[0]).toEqual([{ text: hostile }]);
  expect((await run(fake, { key: hostile, outputField: "found" })).json[0]).toEqual([{ found: hostile }]);
  expect(fake.expiries.get(hostile)).toBe(60);
  await run(fake, { operation: "set", key: "hash", value: { name: "Ada", deep: { a: 1 } } });
  await run(fake, { operation: "set", key: "list", keyType: "list", value: '[1, "two"]', expireSeconds: 5 });
  await run(fake, { operation: "set", key: "set", keyType: "set", value: ["x", "y"] });
  const all = await run(fake, { operation: "keys", pattern: "*s*" });
  expect(all.json[0]).toEqual([{ hash: { name: "Ada", deep: '{"a":1}' }, list: ["1", "two"], set: ["x", "y"] }]);
  expect((await run(fake, { operation: "keys", pattern: "l*", withValues: false })).json[0]).toEqual([{ keys: ["list"] }]);
  await run(fake, { operation: "delete", key: "list" });
  expect((await run(fake, { key: "list" })).json[0]).toEqual([{ value: null }]);
  expect(fake.commands.flat()).not.toContain("FLUSHALL");
});

it("counts, pushes, pops, publishes and says how the server is", async () => {
  const fake = await server();
  const items = [{ n: 1 }, { n: 2 }];
  const counted = await run(fake, { operation: "increment", key: "count", expireSeconds: 9 }, { items });
  expect(counted.outputs[0]).toEqual([
    { json: { count: 1 }, pairedItem: { item: 0 } },
    { json: { count: 2 }, pairedItem: { item: 1 } },
  ]);
  await run(fake, { operation: "push", list: "jobs", message: "={{ $json }}", tail: true }, { items });
  expect((await run(fake, { operation: "length", list: "jobs" })).json[0]).toEqual([{ jobs: 2 }]);
  expect((await run(fake, { operation: "pop", list: "jobs" })).json[0]).toEqual([{ value: { n: 1 } }]);
  await run(fake, { operation: "publish", channel: "news", message: "hello" });
  expect(fake.published).toEqual([["news", "hello"]]);
  expect((await run(fake, { operation: "info" })).json[0]).toEqual([
    { redis_version: "7.4.0", uptime_in_seconds: 12, db0: "keys=1,expires=0" },
  ]);
});

it("keeps databases apart and logs in as a user", async () => {
  const fake = await server();
  await run(fake, { operation: "set", key: "a", value: 1 }, {}, { database: "3", user: "shop" });
  expect(fake.commands.slice(0, 2)).toEqual([
    ["AUTH", "shop", "correct horse"],
    ["SELECT", "3"],
  ]);
  expect((await run(fake, { key: "a" })).json[0]).toEqual([{ value: null }]);
  expect((await run(fake, { key: "a" }, {}, { database: "3" })).json[0]).toEqual([{ value: "1" }]);
});

it("says what is wrong and where, item by item, without the secret", async () => {
  const fake = await server();
  const wrong = await run(fake, { key: "a" }, {}, { password: "wrong wrong wrong" }).catch((error: Error) => error);
  expect(wrong).toMatchObject({
    name: "FatalError",
    message: `Redis at 127.0.0.1:${fake.port}: WRONGPASS invalid username-password pair or user is disabled.`,
  });
  await run(fake, { operation: "set", key: "text", value: "x" });
  const { outputs } = await run(
    fake,
    { operation: "increment", key: "={{ $json.key }}" },
    { items: [{ key: "text" }, { key: "" }, { key: "n" }], continueOnFail: true },
  );
  expect(outputs[0]?.map(({ json, error }) => error?.message ?? json)).toEqual([
    `Redis at 127.0.0.1:${fake.port}: ERR value is not an integer or out of range`,
    'Parameter "key" (item 1): is empty',
    { n: 1 },
  ]);
  await expect(run(fake, { operation: "keys", maxKeys: 1 })).rejects.toThrow("More than 1 keys match");
  await expect(run(fake, { operation: "set", key: "h", keyType: "hash", value: "[1]" })).rejects.toThrow("must be a JSON object");
  await expect(run(fake, { key: "a" }, { connect: createConnect({ allowlist: [] }) })).rejects.toThrow("not allowed");
});

it("closes its connection, when it is done and when it is cancelled", async () => {
  const fake = await server();
  await run(fake, { key: "a" });
  const cancel = new AbortController();
  const running = expect(run(fake, { key: "hang" }, { signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => fake.commands.flat().includes("hang")).toBe(true);
  cancel.abort();
  await running;
  await expect.poll(() => fake.open()).toBe(0);
});
