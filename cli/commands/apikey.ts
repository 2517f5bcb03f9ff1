import { assertReachable, runningEmbeddedUrl } from "../database/application-database";
import { CommandError } from "../failure";
import { readSettings, usesEmbeddedDatabase } from "../settings";

/** Makes an organization's API key; works beside the running app. The key is the last line of the output, and only there. */
export async function createKey(options: { org: string; name: string; role: string }): Promise<void> {
  process.env.DATABASE_URL = await findDatabase();
  const { closeDb, db } = await import("@/server/db");
  try {
    const organization = await db().organization.findUnique({ where: { slug: options.org } });
    if (!organization) throw new CommandError(await describeUnknown(options.org));
    const { createApiKey } = await import("@/server/services/api-keys/create");
    const ctx = { actor: { kind: "system", organizationId: organization.id } as const, requestId: "cli" };
    const role = options.role as "admin" | "editor" | "viewer";
    const { key } = await createApiKey({ ctx, input: { name: options.name, role } });
    process.stdout.write(`API key "${options.name}" of ${organization.name} (${role}). It is shown this once:\n${key}\n`);
  } finally {
    await closeDb();
  }
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

async function describeUnknown(slug: string): Promise<string> {
  const { db } = await import("@/server/db");
  const known = await db().organization.findMany({ select: { slug: true }, orderBy: { createdAt: "asc" }, take: 10 });
  const names = known.map((organization) => organization.slug).join(", ");
  return `There is no organization "${slug}". ${names ? `There are: ${names}` : "There is none yet: register first."}`;
}
