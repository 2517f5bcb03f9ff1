import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findCredential } from "./find";
import { type CredentialView, viewOf } from "./types";
import { type CredentialUse, usesOf } from "./uses";

export const credentialIdSchema = z.object({ id: idSchema });

/** A credential, masked, with the flows that use it. */
export async function getCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof credentialIdSchema>;
}): Promise<CredentialView & { usedBy: CredentialUse[] }> {
  const caller = authorize(ctx, "viewer");
  const { id } = parse(credentialIdSchema, input);
  const row = await findCredential(db(), caller, id);
  return { ...viewOf(row, caller), usedBy: await usesOf(db(), caller.organizationId, id) };
}
