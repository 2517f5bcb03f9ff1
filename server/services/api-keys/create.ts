import { z } from "zod";
import { newApiKey } from "@/server/auth/api-key";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { line, parse } from "../parse";

export const createApiKeySchema = z.object({
  name: line(100),
  /** A key cannot own an organization. */
  role: z.enum(["viewer", "editor", "admin"]).default("editor"),
});

/** A new key of the organization. `key` is in this answer and nowhere else, ever. */
export async function createApiKey({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof createApiKeySchema> }): Promise<{
  id: string;
  name: string;
  prefix: string;
  key: string;
}> {
  const caller = authorize(ctx, "admin");
  const { name, role } = parse(createApiKeySchema, input);
  const { key, hash, prefix } = newApiKey();
  const { id } = await db().$transaction(async (tx) => {
    const row = await tx.apiKey.create({
      data: { organizationId: caller.organizationId, name, role, hash, prefix, createdById: caller.userId },
    });
    await recordAudit(tx, caller, { action: "apiKey.create", target: `apiKey:${row.id}`, data: { name, role } });
    return row;
  });
  return { id, name, prefix, key };
}
