import { openSchemaPlanner } from "./schema-engine";
import { startScratchPostgres } from "./scratch-postgres";

/** SQL that would bring the migrations to `schema.prisma`; null when they agree. Works on a scratch server of its own. */
export async function missingSql(): Promise<string | null> {
  const server = await startScratchPostgres();
  try {
    const planner = await openSchemaPlanner(server.url("postgres"));
    try {
      return await planner.diffMigrationsToSchema();
    } finally {
      planner.close();
    }
  } finally {
    await server.stop();
  }
}
