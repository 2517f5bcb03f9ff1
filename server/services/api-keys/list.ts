import type { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";

export interface ApiKeySummary {
  id: string;
  name: string;
  role: Role;
  /** First characters, to recognise it by. */
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** Keys that work, newest first. */
export async function listApiKeys({ ctx }: { ctx: ServiceContext }): Promise<{ apiKeys: ApiKeySummary[] }> {
  const caller = authorize(ctx, "admin");
  const rows = await db().apiKey.findMany({
    where: { organizationId: caller.organizationId, revokedAt: null },
    orderBy: { createdAt: "desc" },
    take: 500,
  });
  return {
    apiKeys: rows.map(({ id, name, role, prefix, createdAt, lastUsedAt }) => ({
      id,
      name,
      role,
      prefix,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
  };
}
