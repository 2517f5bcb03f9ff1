import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { logger } from "@/server/logger";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { EndDispatcher } from "./end-dispatcher";

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 3 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const record = (id: string) => pool.query("insert into execution_end (execution_id) values ($1)", [id]);

test("ends from which hardly anything follows are looked at together, and no end is missed", async () => {
  const asked = vi.spyOn(pool, "query");
  const handled: string[] = [];
  const ends = new EndDispatcher(pool, async (id) => void handled.push(id), logger, 60_000);
  for (let end = 0; end < 200; end++) ends.kickSoon();
  await record("exec_listened");
  await vi.waitFor(() => expect(handled).toEqual(["exec_listened"]));
  await ends.stop();
  expect(asked.mock.calls.filter(([query]) => JSON.stringify(query).includes("ends-due")).length).toBeLessThan(10);
  asked.mockRestore();
});

test("what fails stays for later, what is done goes", async () => {
  await record("exec_fails");
  await record("exec_works");
  const ends = new EndDispatcher(pool, (id) => (id === "exec_fails" ? Promise.reject(new Error("Not now")) : Promise.resolve()), logger);
  await ends.drain();
  const { rows } = await pool.query("select execution_id, tries from execution_end");
  expect(rows).toEqual([{ execution_id: "exec_fails", tries: 1 }]);
});
