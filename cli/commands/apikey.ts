import { organizationBySlug } from "../database/organization";

/** Makes an organization's API key; works beside the running app. The key is the last line of the output, and only there. */
export async function createKey(options: { org: string; name: string; role: string }): Promise<void> {
  const { organizationId, name, close } = await organizationBySlug(options.org);
  try {
    const { createApiKey } = await import("@/server/services/api-keys/create");
    const ctx = { actor: { kind: "system", organizationId } as const, requestId: "cli" };
    const role = options.role as "admin" | "editor" | "viewer";
    const { key } = await createApiKey({ ctx, input: { name: options.name, role } });
    process.stdout.write(`API key "${options.name}" of ${name} (${role}). It is shown this once:\n${key}\n`);
  } finally {
    await close();
  }
}
