import { randomBytes } from "node:crypto";
import pg from "pg";
import { checkInvariants } from "../execution/invariants";
import { runSql, startTestPostgres, type TestPostgres, templateDatabase } from "./postgres";

export interface TestDatabase {
  /** For `DATABASE_URL`, or a `pg` client. */
  url: string;
  /**
   * Ends what is still connected and deletes the database.
   * @throws when its executions are in a state that must never be
   */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Why its executions may be in states that no engine leaves behind: a test wrote the rows itself, say. */
  unchecked?: string;
}

/** Set by vitest's global setup for all its workers. */
const sharedServer = "TOLSTOY_TEST_POSTGRES_URL";

let own: Promise<TestPostgres> | null = null;
let ownDatabases = 0;

/** Whatever a test was about: no test that runs executions can forget to look. */
async function assertInvariants(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    const violations = await checkInvariants(pool);
    if (violations.length > 0) {
      throw new Error(
        `The test's executions break invariants (a test that writes their rows itself says so: \`unchecked\`):\n${violations.join("\n")}`,
      );
    }
  } finally {
    await pool.end();
  }
}

/**
 * A fresh, migrated, empty database, whose executions are held to the invariants when it is dropped. Under vitest all test files share one server; a script that calls this starts one of its
 * own, which ends with the last database dropped.
 */
export async function createTestDatabase({ unchecked }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const shared = process.env[sharedServer];
  const adminUrl = shared ?? (await startOwn()).adminUrl;
  const name = `test_${randomBytes(8).toString("hex")}`;
  await runSql(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      try {
        // Scripts that measure have more executions than it takes to look at in a moment.
        if (shared && unchecked === undefined) await assertInvariants(url.href);
      } finally {
        await dropDatabase(adminUrl, name);
        if (!shared) await stopOwn();
      }
    },
  };
}

/** A pool says that it has ended while its connections still say goodbye: cut off in that, they would report a fault to nobody. */
const GOODBYE_MS = 500;

async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const deadline = Date.now() + GOODBYE_MS;
    for (;;) {
      const { rowCount } = await client.query("select 1 from pg_stat_activity where datname = $1 limit 1", [name]);
      if (rowCount === 0 || Date.now() > deadline) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
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
