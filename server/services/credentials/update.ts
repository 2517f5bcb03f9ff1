import { z } from "zod";
import { credentialSettingsSchema } from "@/flow/credentials/settings";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, instantSchema, line, parse, storable } from "../parse";
import { hostsSchema } from "./fields";
import { findManageable } from "./find";
import { type CredentialView, viewOf } from "./types";

export const updateCredentialSchema = storable(
  z.object({
    id: idSchema,
    name: line(200).optional(),
    allowedHosts: hostsSchema.optional(),
    settings: credentialSettingsSchema.optional(),
    /** Null: it does not expire. */
    expiresAt: instantSchema.nullish(),
  }),
);

/** Changes what is not secret of a credential. Where it may go is for those to say who know what it opens. */
export async function updateCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof updateCredentialSchema>;
}): Promise<CredentialView> {
  const caller = authorize(ctx, "editor");
  const { id, name, allowedHosts, settings, expiresAt } = parse(updateCredentialSchema, input);
  return db().$transaction(async (tx) => {
    await findManageable(tx, caller, id);
    const row = await tx.credential.update({
      where: { id },
      data: {
        ...(name !== undefined && { name }),
        ...(allowedHosts !== undefined && { allowedHosts: [...new Set(allowedHosts)] }),
        ...(settings !== undefined && { settings }),
        ...(expiresAt !== undefined && { expiresAt }),
      },
    });
    const changed = Object.keys(input).filter((key) => key !== "id");
    await recordAudit(tx, caller, { action: "credential.update", target: `credential:${id}`, data: { name: row.name, changed } });
    return viewOf(row, caller);
  });
}
