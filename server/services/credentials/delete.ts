import { z } from "zod";
import { db } from "@/server/db";
import { logger } from "@/server/logger";
import { storeOf } from "@/server/secrets/secret-store";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { withdrawTokens } from "../oauth/withdraw";
import { idSchema, parse } from "../parse";
import { findManageable } from "./find";
import { usesOf } from "./uses";

export const deleteCredentialSchema = z.object({
  id: idSchema,
  /** Also when flows use it: their steps fail from then on. */
  force: z.boolean().default(false),
});

/**
 * Deletes a credential and what is kept of it elsewhere; an OAuth one is withdrawn at its provider.
 * @throws ServiceError `conflict` naming the flows that use it, without `force`.
 */
export async function deleteCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof deleteCredentialSchema>;
}): Promise<{ id: string }> {
  const caller = authorize(ctx, "editor");
  const { id, force } = parse(deleteCredentialSchema, input);
  const row = await db().$transaction(async (tx) => {
    const found = await findManageable(tx, caller, id);
    if (!force) {
      const uses = await usesOf(tx, caller.organizationId, id);
      if (uses.length > 0) {
        const names = uses.slice(0, 5).map(({ flowName }) => `"${flowName}"`);
        const more = uses.length > 5 ? ` and ${uses.length - 5} more` : "";
        throw new ServiceError(
          "conflict",
          `"${found.name}" is used by ${names.join(", ")}${more}. Choose another one there first, or delete it all the same.`,
        );
      }
    }
    await tx.credential.delete({ where: { id } });
    await recordAudit(tx, caller, {
      action: "credential.delete",
      target: `credential:${id}`,
      data: { name: found.name, type: found.type },
    });
    return found;
  });
  await withdrawTokens(row);
  await storeOf(row.secret)
    .delete({ organizationId: row.organizationId, credentialId: id }, row.secret)
    .catch((cause: unknown) => logger.error({ err: cause, credentialId: id }, "the secret of a deleted credential could not be removed"));
  return { id };
}
