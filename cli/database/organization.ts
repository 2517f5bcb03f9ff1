import { CommandError } from "../failure";
import { readSettings, usesEmbeddedDatabase } from "../settings";
import { assertReachable, runningEmbeddedUrl } from "./application-database";

/**
 * Opens the app's database, beside the running app where it is the embedded one, and finds an organization.
 * @throws CommandError that names those which there are
 */
export async function organizationBySlug(slug: string): Promise<{ organizationId: string; name: string; close: () => Promise<void> }> {
  await useApplicationDatabase();
  const { closeDb, db } = await import("@/server/db");
  try {
    const organization = await db().organization.findUnique({ where: { slug } });
    if (organization) return { organizationId: organization.id, name: organization.name, close: closeDb };
    const known = await db().organization.findMany({ select: { slug: true }, orderBy: { createdAt: "asc" }, take: 10 });
    const names = known.map((each) => each.slug).join(", ");
    throw new CommandError(`There is no organization "${slug}". ${names ? `There are: ${names}` : "There is none yet: register first."}`);
  } catch (error) {
    await closeDb();
    throw error;
  }
}

/** Has this process use the app's database. @throws CommandError when it is not reachable */
export async function useApplicationDatabase(): Promise<void> {
  process.env.DATABASE_URL = await findDatabase();
}

async function findDatabase(): Promise<string> {
  const settings = readSettings();
  if (!usesEmbeddedDatabase()) {
    await assertReachable(settings.DATABASE_URL);
    return settings.DATABASE_URL;
  }
  const url = await runningEmbeddedUrl(settings);
  if (url === null) throw new CommandError(`No app runs on ${settings.DATA_DIR}. Start it first (npm start), or set DATABASE_URL.`);
  return url;
}
