import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { wrongWrites } from "./testing/storm-checks";
import { Outside, SENT_AT } from "./testing/storm-outside";

const RECORDED = Date.parse("2026-03-02T10:00:00.500Z");
let database: TestDatabase;
let pool: pg.Pool;
const outside = new Outside();
let url: string;

beforeAll(async () => {
  database = await createTestDatabase({ unchecked: "its step is a row without a run" });
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  url = await outside.open();
  await pool.query("insert into organization (id, name, slug, updated_at) values ('o', 'o', 'o', now())");
  await pool.query(
    `insert into execution (id, organization_id, flow_id, mode, status, trigger_node_id, input, variables) values ('exec_1', 'o', 'broken', 'webhook', 'succeeded', 'start', '[]', '{}')`,
  );
  await pool.query(
    `insert into execution_step (organization_id, execution_id, seq, key, node_id, run_index, attempt, status, effect, output, started_at, finished_at)
     values ('o', 'exec_1', 1, 'write#0', 'write', 0, 1, 'succeeded', 'write', '{"outputs":[[{"json":{"name":"0-write"}}]]}', $1, $1)`,
    [new Date(RECORDED)],
  );
});

afterAll(async () => {
  outside.close();
  await pool.end();
  await database.drop();
});

const send = (sentAt?: number) =>
  fetch(`${url}/do/0-write`, { method: "POST", headers: sentAt === undefined ? {} : { [SENT_AT]: String(sentAt) } });

test("a write counts as run again by when it was sent, however late it is heard", async () => {
  expect((await send()).status).toBe(400);
  expect(await wrongWrites(pool, outside, 1, ["broken"])).toEqual(["write 0-write never happened"]);
  await send(RECORDED - 400);
  await send(RECORDED - 1);
  expect(await wrongWrites(pool, outside, 1, ["broken"])).toEqual([]);
  await send(RECORDED + 7);
  expect(await wrongWrites(pool, outside, 1, ["broken"])).toEqual([
    "write 0-write ran again after it was recorded as done (exec_1, 7 ms later)",
  ]);
});
