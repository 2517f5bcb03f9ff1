import { randomUUID } from "node:crypto";
import pg from "pg";
import { type MigrationFile, readMigrations } from "./migration-files";

// The table, checksums and lock of `prisma migrate deploy`, so that either tool may be used on the same database.
const historyTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const prismaLock = 72707369;

export interface MigrationStatus {
  /** Began and never finished: a person has to look at the database. */
  failed: string[];
  pending: MigrationFile[];
  /** Applied here with another content than the file has now. */
  edited: string[];
  /** Applied here, unknown to this version of the product. */
  unknown: string[];
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/** Compares the migrations folder with what the database remembers; changes nothing. */
export async function readMigrationStatus(client: pg.ClientBase): Promise<MigrationStatus> {
  const table = await client.query<{ found: boolean }>("select to_regclass('_prisma_migrations') is not null as found");
  const history = table.rows[0]?.found
    ? (
        await client.query<HistoryRow>(
          "select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null order by started_at",
        )
      ).rows
    : [];
  const files = readMigrations();
  const applied = new Map(history.filter((row) => row.finished_at).map((row) => [row.migration_name, row]));
  return {
    failed: history.filter((row) => !row.finished_at).map((row) => row.migration_name),
    pending: files.filter((file) => !applied.has(file.name)),
    edited: files.filter((file) => applied.has(file.name) && applied.get(file.name)?.checksum !== file.checksum).map((file) => file.name),
    unknown: [...applied.keys()].filter((name) => !files.some((file) => file.name === name)),
  };
}

/**
 * Applies what is pending, one process at a time; each migration is one transaction.
 * @returns names of the migrations applied, in order
 * @throws Error that names the migration and Postgres' reason
 */
export async function deployMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [prismaLock]);
    await client.query(historyTable);
    const { failed, pending } = await readMigrationStatus(client);
    if (failed.length > 0) {
      throw new Error(
        `Migration ${failed.join(", ")} failed earlier. Repair the database, then mark it in _prisma_migrations (rolled_back_at).`,
      );
    }
    for (const migration of pending) await applyMigration(client, migration);
    return pending.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

async function applyMigration(client: pg.Client, { name, sql, checksum }: MigrationFile): Promise<void> {
  const id = randomUUID();
  await client.query("insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)", [id, checksum, name]);
  try {
    // Without parameters pg sends a simple query: all statements of the file in one implicit transaction.
    await client.query(sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The transaction is undone, so the next start may try again; Prisma would ask a person to resolve it first.
    await client.query("update _prisma_migrations set logs = $2, rolled_back_at = now() where id = $1", [id, reason]);
    throw new Error(`Migration ${name} failed: ${reason}`, { cause: error });
  }
  await client.query("update _prisma_migrations set finished_at = now(), applied_steps_count = 1 where id = $1", [id]);
}
