import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { sql } from "@/server/sql";
import { createOrganization } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createFlowStorage } from "./flow-storage";
import { type StorageOwner, settleStaticData } from "./static-data";

withTestDatabase();

async function owner(over: Partial<StorageOwner> = {}): Promise<StorageOwner> {
  const { id: organizationId } = await createOrganization();
  return { organizationId, flowId: randomUUID(), nodeId: "n", executionId: "exec_1", visit: "n#0", ...over };
}

it("keeps values by flow, by node and by organization", async () => {
  const mine = await owner();
  const storage = createFlowStorage(sql(), mine);
  await storage.set("k", { a: [1, "\u0000", null] });
  await storage.set("k", 2, "node");
  await storage.set("k", 3, "organization");
  expect(await Promise.all([storage.get("k"), storage.get("k", "node"), storage.get("k", "organization")])).toEqual([
    { a: [1, "\u0000", null] },
    2,
    3,
  ]);
  const otherNode = createFlowStorage(sql(), { ...mine, nodeId: "other" });
  expect(await Promise.all([otherNode.get("k"), otherNode.get("k", "node")])).toEqual([{ a: [1, "\u0000", null] }, undefined]);
  const otherFlow = createFlowStorage(sql(), { ...mine, flowId: randomUUID() });
  expect(await Promise.all([otherFlow.get("k"), otherFlow.get("k", "organization")])).toEqual([undefined, 3]);
  const stranger = createFlowStorage(sql(), { ...mine, organizationId: (await createOrganization()).id });
  expect(await Promise.all([stranger.get("k"), stranger.get("k", "organization"), stranger.list()])).toEqual([undefined, undefined, []]);
});

it("lists by prefix, taken literally, and deletes", async () => {
  const storage = createFlowStorage(sql(), await owner());
  for (const key of ["user:2", "user:1", "user%", "other"]) await storage.set(key, key);
  expect((await storage.list("user:")).map(({ key }) => key)).toEqual(["user:1", "user:2"]);
  expect((await storage.list("user%")).map(({ key }) => key)).toEqual(["user%"]);
  expect(await storage.delete("user:1")).toBe(true);
  expect(await storage.delete("user:1")).toBe(false);
  expect((await storage.list()).map(({ key }) => key)).toEqual(["other", "user%", "user:2"]);
  expect(await storage.update("other", () => undefined)).toBeUndefined();
  expect(await storage.get("other")).toBeUndefined();
});

const increment = (value: unknown) => (typeof value === "number" ? value : 0) + 1;

it("loses none of 50 increments at the same time", async () => {
  const mine = await owner();
  const storage = createFlowStorage(sql(), mine);
  await Promise.all(Array.from({ length: 50 }, () => storage.update("count", increment)));
  expect(await storage.get("count")).toBe(50);
});

it("changes nothing where a value changed between reading and writing, and tries again with what is kept by then", async () => {
  const mine = await owner();
  const storage = createFlowStorage(sql(), mine);
  await storage.set("v", "a");
  const seen: unknown[] = [];
  const pool = sql();
  let first = true;
  const slow = Object.create(pool, {
    query: {
      value: async (text: string, values: unknown[]) => {
        if (first && text.startsWith("update")) {
          first = false;
          await pool.query("delete from flow_storage where key = 'v'");
          await pool.query("insert into flow_storage (organization_id, flow_id, key, value) values ($1, $2, 'v', '\"b\"')", [
            mine.organizationId,
            mine.flowId,
          ]);
        }
        return pool.query(text, values);
      },
    },
  }) as typeof pool;
  await createFlowStorage(slow, mine).update("v", (known) => {
    seen.push(known ?? null);
    return `${String(known)}!`;
  });
  expect(seen).toEqual(["a", "b"]);
  expect(await storage.get("v")).toBe("b!");
});

it("refuses what is too large, or too much", async () => {
  const storage = createFlowStorage(sql(), await owner());
  await expect(storage.set("big", "x".repeat(1024 * 1024))).rejects.toThrow('The value of "big" has 1048578 characters');
  await expect(storage.set("", 1)).rejects.toThrow("needs a key");
  await expect(storage.set("k".repeat(513), 1)).rejects.toThrow("at most 512 characters");
  const full = await owner();
  await sql().query(
    "insert into flow_storage (organization_id, flow_id, key, value) select $1, $2, n::text, '1' from generate_series(1, 10000) n",
    [full.organizationId, full.flowId],
  );
  const one = createFlowStorage(sql(), full);
  await expect(one.set("more", 1)).rejects.toThrow("keeps 10000 values already");
  await one.set("7", 2);
  expect(await one.get("7")).toBe(2);
});

it("keeps static data apart until the execution has succeeded", async () => {
  const mine = await owner();
  const seenBy = (over: Partial<StorageOwner>) => createFlowStorage(sql(), { ...mine, ...over }).staticData;
  await seenBy({}).write("global", { n: 1 });
  expect(await seenBy({ visit: "m#0", nodeId: "m" }).read("global")).toEqual({ n: 1 });
  // The same visit, run again after a crash, starts where it started.
  expect(await seenBy({}).read("global")).toEqual({});
  expect(await seenBy({ executionId: "exec_2" }).read("global")).toEqual({});
  await settleStaticData(sql(), mine, true);
  await settleStaticData(sql(), mine, true);
  expect(await seenBy({ executionId: "exec_2" }).read("global")).toEqual({ n: 1 });
  expect(await seenBy({ executionId: "exec_2" }).read("node")).toEqual({});

  const failing = { ...mine, executionId: "exec_3" };
  await seenBy(failing).write("node", { n: 2 });
  await settleStaticData(sql(), failing, false);
  expect(await seenBy({ executionId: "exec_4" }).read("node")).toEqual({});
});
