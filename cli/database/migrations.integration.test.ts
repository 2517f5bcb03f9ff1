import { readFileSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "@/server/testing/database";
import { schemaFile } from "../paths";
import { deployMigrations, readMigrationStatus } from "./deploy-migrations";
import { readMigrations } from "./migration-files";
import { missingSql } from "./missing-sql";

const connect = async (connectionString: string) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};

test("the migrations make what schema.prisma says, hand-written SQL beside it included", async () => {
  expect(await missingSql()).toBeNull();
});

test("every table of an organization's data names the organization", () => {
  // Reached only through a row that does, or not an organization's at all.
  const global = ["Organization", "User", "Account", "RateLimit", "Worker", "ExecutionSearchCursor"];
  // Notes about one execution, by its id; nobody is shown them.
  const notes = ["ExecutionSearch", "WebhookLook", "WebhookProgress", "ExecutionEnd", "NamedEventDelivery"];
  const models = [...readFileSync(schemaFile, "utf8").matchAll(/^model (\w+) \{(.*?)^\}/gms)];
  expect(models.length).toBeGreaterThan(15);
  const without = models.filter(
    ([, name = "", body = ""]) => ![...global, ...notes].includes(name) && !/\borganizationId\s+String\s+@map/.test(body),
  );
  expect(without.map(([, name]) => name)).toEqual([]);
});

test("a second deployment has nothing to do", async () => {
  const database = await createTestDatabase();
  expect(await deployMigrations(database.url)).toEqual([]);
  await database.drop();
});

test("two processes that deploy at once apply each migration once", async () => {
  const database = await createTestDatabase();
  const client = await connect(database.url);
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  const applied = await Promise.all([deployMigrations(database.url), deployMigrations(database.url)]);
  expect(applied.flat().sort()).toEqual(readMigrations().map((file) => file.name));
  await client.end();
  await database.drop();
});

test("a migration edited after it was applied, and one of another version, are told apart", async () => {
  const database = await createTestDatabase();
  const client = await connect(database.url);
  const [first] = readMigrations();
  await client.query("update _prisma_migrations set checksum = 'other' where migration_name = $1", [first?.name]);
  await client.query(
    "insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '99990101000000_future', now())",
  );
  expect(await readMigrationStatus(client)).toMatchObject({ pending: [], edited: [first?.name], unknown: ["99990101000000_future"] });
  await client.end();
  await database.drop();
});
