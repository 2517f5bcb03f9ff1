import { randomBytes } from "node:crypto";
import { runSql, startTestPostgres, type TestPostgres, templateDatabase } from "./postgres";

export interface TestDatabase {
  /** For `DATABASE_URL`, or a `pg` client. */
  url: string;
  /** Ends what is still connected and deletes the database. */
  drop(): Promise<void>;
}

/** Set by vitest's global setup for all its workers. */
const sharedServer = "TOLSTOY_TEST_POSTGRES_URL";

let own: Promise<TestPostgres> | null = null;
let ownDatabases = 0;

/**
 * A fresh, migrated, empty database. Under vitest all test files share one server; a script that calls this starts one of its
 * own, which ends with the last database dropped.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const shared = process.env[sharedServer];
  const adminUrl = shared ?? (await startOwn()).adminUrl;
  const name = `test_${randomBytes(8).toString("hex")}`;
  await runSql(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await runSql(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      if (!shared) await stopOwn();
    },
  };
}

function startOwn(): Promise<TestPostgres> {
  ownDatabases += 1;
  own ??= startTestPostgres();
  return own;
}

async function stopOwn(): Promise<void> {
  ownDatabases -= 1;
  if (ownDatabases > 0) return;
  const server = await own;
  own = null;
  await server?.stop();
}
