import path from "node:path";
import pg from "pg";
import type { Environment } from "@/server/env";
import { CommandError, describeFailure } from "../failure";
import { localSecrets } from "../local-secrets";
import { usesEmbeddedDatabase } from "../settings";
import { postgresUrl, runningPostgresPort, startEmbeddedPostgres } from "./embedded-postgres";

const databaseName = "tolstoy";

export interface ApplicationDatabase {
  url: string;
  /** Whether it is this product's own, in the data folder. */
  embedded: boolean;
  stop(): Promise<void>;
  /** Called when an embedded one ended without being asked to. */
  onExit(listener: (log: string) => void): void;
}

/**
 * The database that the settings name, reachable; the embedded one is started when it doesn't run yet.
 * @throws CommandError in one line, without the password
 */
export async function openApplicationDatabase(settings: Environment): Promise<ApplicationDatabase> {
  if (!usesEmbeddedDatabase()) {
    await assertReachable(settings.DATABASE_URL);
    return { url: settings.DATABASE_URL, embedded: false, stop: async () => {}, onExit: () => {} };
  }
  const server = await startEmbeddedPostgres({
    directory: embeddedDirectory(settings),
    password: localSecrets(settings.DATA_DIR).postgresPassword,
    port: settings.PG_PORT,
    preferredPort: 54_329,
  });
  try {
    await createWhenMissing(server.url("postgres"));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url(databaseName), embedded: true, stop: () => server.stop(), onExit: (listener) => server.onExit(listener) };
}

/** URL of the embedded database while an app runs on this data folder; null when none does. */
export async function runningEmbeddedUrl(settings: Environment): Promise<string | null> {
  const port = await runningPostgresPort(embeddedDirectory(settings));
  return port === null ? null : postgresUrl(port, localSecrets(settings.DATA_DIR).postgresPassword, databaseName);
}

const embeddedDirectory = (settings: Environment) => path.join(settings.DATA_DIR, "postgres");

/** @throws CommandError that names host, database and reason */
export async function assertReachable(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    throw new CommandError(`Cannot use the database of DATABASE_URL (${host}${pathname}): ${describeFailure(error)}`, { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}

async function createWhenMissing(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [databaseName]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}
