import { afterAll, beforeAll } from "vitest";
import { closeDb } from "@/server/db";
import { resetEnv } from "@/server/env";
import { closeSql } from "@/server/sql";
import { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from "./database";

/**
 * Gives the test file a database of its own, which `db()` and `sql()` then use. Call it at the top of the file. When the file is
 * done, its executions are held to the invariants.
 * @returns the database's URL, once the tests run
 */
export function withTestDatabase(options: TestDatabaseOptions = {}): { readonly url: string } {
  let database: TestDatabase | null = null;
  beforeAll(async () => {
    database = await createTestDatabase(options);
    process.env.DATABASE_URL = database.url;
    resetEnv();
  });
  afterAll(async () => {
    await Promise.all([closeDb(), closeSql()]);
    await database?.drop();
  });
  return {
    get url() {
      if (!database) throw new Error("The test database is there once the tests run, not while they are collected.");
      return database.url;
    },
  };
}
