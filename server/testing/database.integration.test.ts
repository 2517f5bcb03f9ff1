import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "./database";

const query = async (connectionString: string, sql: string) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

test("a test database is migrated, empty, and gone after drop", async () => {
  const database = await createTestDatabase();
  expect(await query(database.url, "select count(*)::int as n from execution")).toEqual([{ n: 0 }]);
  expect(await query(database.url, "select migration_name from _prisma_migrations where finished_at is not null")).not.toEqual([]);
  await database.drop();
  await expect(query(database.url, "select 1")).rejects.toThrow(/does not exist/);
});

test("two test databases share nothing", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, "create table mark (id int)");
  await expect(query(two.url, "select * from mark")).rejects.toThrow(/does not exist/);
  await Promise.all([one.drop(), two.drop()]);
});
