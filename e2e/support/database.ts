import path from "node:path";
import pg from "pg";
import { postgresUrl, runningPostgresPort } from "@/cli/database/embedded-postgres";
import { localSecrets } from "@/cli/local-secrets";

/** Asks the database of the app that all suites share, for what no screen can do. */
export async function query(sql: string, values: unknown[]): Promise<void> {
  const dataDirectory = process.env.E2E_DATA_DIR ?? "";
  const port = await runningPostgresPort(path.join(dataDirectory, "postgres"));
  if (port === null) throw new Error(`No database runs on ${dataDirectory}`);
  const client = new pg.Client({ connectionString: postgresUrl(port, localSecrets(dataDirectory).postgresPassword, "tolstoy") });
  await client.connect();
  try {
    await client.query(sql, values);
  } finally {
    await client.end();
  }
}
