import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";

export const revokeApiKeySchema = z.object({ id: idSchema });

/** Ends a key: its next call is refused. */
export async function revokeApiKey({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof revokeApiKeySchema>;
}): Promise<{ id: string }> {
  const caller = authorize(ctx, "admin");
  const { id } = parse(revokeApiKeySchema, input);
  return db().$transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id, organizationId: caller.organizationId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw notFound("API key");
    await recordAudit(tx, caller, { action: "apiKey.revoke", target: `apiKey:${id}` });
    return { id };
  });
}
