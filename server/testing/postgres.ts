import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { startEmbeddedPostgres } from "@/cli/database/embedded-postgres";

/** Database that test databases are copied from: all migrations, no rows. */
export const templateDatabase = "tolstoy_template";

export interface TestPostgres {
  /** Superuser's URL of the `postgres` database. */
  adminUrl: string;
  stop(): Promise<void>;
}

/** A Postgres of its own for one test run: nothing is kept, so nothing is synced to disk. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-test-"));
  const server = await startEmbeddedPostgres({
    directory: path.join(directory, "postgres"),
    password: "postgres",
    temporary: true,
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300", shared_buffers: "64MB" },
  });
  const stop = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await runSql(server.url("postgres"), `CREATE DATABASE ${templateDatabase}`);
    await deployMigrations(server.url(templateDatabase));
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl: server.url("postgres"), stop };
}

/** Runs one statement on a connection of its own. */
export async function runSql(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
