import { expect, test } from "vitest";
import { sql } from "./sql";
import { withTestDatabase } from "./testing/with-test-database";

withTestDatabase();

test("a connection that breaks while somebody holds it ends their next statement, and not the process", async () => {
  const client = await sql().connect();
  const broken = new Promise((resolve) => client.once("end", resolve));
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  await sql().query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await broken;
  await expect(client.query("select 1")).rejects.toThrow();
  client.release(true);
  expect((await sql().query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
