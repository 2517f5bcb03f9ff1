import pg from "pg";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { startScratchPostgres } from "@/cli/database/scratch-postgres";

/** Database that test databases are copied from: all migrations, no rows. */
export const templateDatabase = "tolstoy_template";

export interface TestPostgres {
  /** Superuser's URL of the `postgres` database. */
  adminUrl: string;
  stop(): Promise<void>;
}

/** A Postgres of its own for one test run, with the template database. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const server = await startScratchPostgres();
  try {
    // Tests connect thousands of times: deriving a password that everybody knows must not take long.
    await runSql(server.url("postgres"), "SET scram_iterations = 1; ALTER ROLE postgres PASSWORD 'postgres'");
    await runSql(server.url("postgres"), `CREATE DATABASE ${templateDatabase}`);
    await deployMigrations(server.url(templateDatabase));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { adminUrl: server.url("postgres"), stop: () => server.stop() };
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
