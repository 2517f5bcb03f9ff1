import type { z } from "zod";
import { db } from "@/server/db";
import { embeddedSecretStore } from "@/server/secrets/secret-store";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { findManageable } from "../credentials/find";
import { credentialIdSchema } from "../credentials/get";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { withdrawTokens } from "./withdraw";

/** Withdraws a connected account's tokens at the provider and forgets them. The credential stays, to be connected again. */
export async function disconnectOAuth({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof credentialIdSchema>;
}): Promise<{ id: string; revoked: boolean }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(credentialIdSchema, input);
  const row = await findManageable(db(), caller, id);
  if (row.type !== "oauth2") throw new ServiceError("conflict", `"${row.name}" is no OAuth credential.`);
  const revoked = await withdrawTokens(row);
  const secret = await embeddedSecretStore.put({ organizationId: row.organizationId, credentialId: id }, {});
  await db().$transaction(async (tx) => {
    await tx.credential.update({
      where: { id },
      data: {
        secret,
        masked: {},
        tokenExpiresAt: null,
        status: "reconnect_required",
        statusReason: "It was disconnected",
        version: { increment: 1 },
        leaseId: null,
        leaseUntil: null,
      },
    });
    await recordAudit(tx, caller, { action: "credential.disconnect", target: `credential:${id}`, data: { name: row.name, revoked } });
  });
  return { id, revoked };
}
