import pg from "pg";
import type { Environment } from "@/server/env";
import { runningEmbeddedUrl } from "../database/application-database";
import { readMigrationStatus } from "../database/deploy-migrations";
import { describeFailure } from "../failure";
import { usesEmbeddedDatabase } from "../settings";
import { broken, type Finding, off, ok } from "./finding";

/** Whether there is a database, and whether it is of this version. */
export async function checkDatabase(settings: Environment): Promise<Finding[]> {
  const embedded = usesEmbeddedDatabase();
  const url = embedded ? await runningEmbeddedUrl(settings) : settings.DATABASE_URL;
  if (url === null) return [off("Database", `embedded, not running now (${settings.DATA_DIR})`)];
  const { host, pathname } = new URL(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("show server_version");
    const name = `${embedded ? "embedded, " : ""}Postgres ${rows[0]?.server_version} at ${host}${pathname}`;
    return [ok("Database", name), await checkMigrations(client)];
  } catch (error) {
    return [broken("Database", `${host}${pathname}: ${describeFailure(error)}`)];
  } finally {
    await client.end().catch(() => {});
  }
}

async function checkMigrations(client: pg.Client): Promise<Finding> {
  const { pending, failed, unknown } = await readMigrationStatus(client);
  if (failed.length > 0) return broken("Migrations", `failed: ${failed.join(", ")}`);
  if (unknown.length > 0) return broken("Migrations", `of a newer version: ${unknown.join(", ")}`);
  if (pending.length > 0) return broken("Migrations", `${pending.length} pending. Run: npm run tolstoy -- migrate`);
  return ok("Migrations", "up to date");
}
