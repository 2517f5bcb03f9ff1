import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { flowFileSchema } from "@/flow/graph/schema";
import { hashPassword, verifyPassword } from "@/server/auth/password";
import { closeDb, db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { publishFlow } from "@/server/services/flows/publish";

export const demoEmail = "demo@tolstoy.local";
const demoSlug = "demo";

/**
 * A demo account with example flows, for a local start only: a deployment must have no account whose password is in a file.
 * What a person changed or deleted since stays so.
 * @returns whether the account (still) has this password
 */
export async function seedDemo({ password }: { password: string }): Promise<boolean> {
  try {
    const existing = await db().organization.findUnique({ where: { slug: demoSlug }, select: { id: true } });
    if (!existing) await createExamples(await createDemoAccount(password));
    const user = await db().user.findUnique({ where: { email: demoEmail }, select: { passwordHash: true } });
    return user !== null && (await verifyPassword(user.passwordHash, password));
  } finally {
    await closeDb();
  }
}

async function createDemoAccount(password: string): Promise<ServiceContext> {
  const passwordHash = await hashPassword(password);
  const member = await db().member.create({
    data: {
      role: "owner",
      user: { create: { email: demoEmail, name: "Demo", passwordHash } },
      organization: { create: { name: "Demo", slug: demoSlug, personal: true } },
    },
  });
  return { actor: { kind: "member", userId: member.userId, organizationId: member.organizationId, role: "owner" }, requestId: "seed" };
}

async function createExamples(ctx: ServiceContext): Promise<void> {
  for (const { name, description, graph } of readExamples()) {
    const flow = await createFlow({ ctx, input: { name, description, graph } });
    await publishFlow({ ctx, input: { id: flow.id } });
  }
}

function readExamples() {
  const directory = path.join(path.dirname(fileURLToPath(import.meta.url)), "examples");
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => flowFileSchema.parse(JSON.parse(readFileSync(path.join(directory, name), "utf8"))));
}
