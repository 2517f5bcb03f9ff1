import { openApplicationDatabase } from "../database/application-database";
import { deployMigrations } from "../database/deploy-migrations";
import { readSettings } from "../settings";

/** Brings the database to this version; the embedded one is started for as long as that takes. */
export async function migrate(): Promise<void> {
  const database = await openApplicationDatabase(readSettings());
  try {
    const applied = await deployMigrations(database.url);
    process.stdout.write(applied.length > 0 ? applied.map((name) => `applied ${name}\n`).join("") : "The database is up to date.\n");
  } finally {
    await database.stop();
  }
}
