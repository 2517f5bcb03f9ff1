import { z } from "zod";
import { verifyPassword } from "@/server/auth/password";
import { countAttempt, forgiveAttempt } from "@/server/auth/rate-limit";
import { openCredential } from "@/server/credentials/open";
import { db } from "@/server/db";
import { UnreadableSecretError } from "@/server/secrets/envelope";
import { recordAudit } from "../audit/record";
import { authorize, type Caller } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { findManageable } from "./find";

export const unmaskCredentialSchema = z.object({
  id: idSchema,
  /** The caller's own, typed in for this. */
  password: z.string().max(200).default(""),
});

/**
 * The values of a credential in clear: for whoever made it, admins and owners, who prove anew that it is them. Every time is on
 * record.
 * @throws ServiceError `forbidden` for a wrong password, for API keys, and for accounts that have no password
 */
export async function unmaskCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof unmaskCredentialSchema>;
}): Promise<{ id: string; fields: Record<string, string> }> {
  const caller = authorize(ctx, "editor");
  const { id, password } = parse(unmaskCredentialSchema, input);
  const row = await findManageable(db(), caller, id);
  await assertItIsThem(caller, password);
  try {
    const { fields } = await openCredential(row);
    await recordAudit(db(), caller, { action: "credential.unmask", target: `credential:${id}`, data: { name: row.name } });
    return { id, fields };
  } catch (error) {
    if (error instanceof UnreadableSecretError) throw new ServiceError("conflict", `The stored values cannot be opened. ${error.message}.`);
    throw error;
  }
}

async function assertItIsThem(caller: Caller, password: string): Promise<void> {
  if (caller.userId === null)
    throw new ServiceError("forbidden", "Secrets are shown to people only, who type in their password. An API key can't see them.");
  if (password === "") throw new ServiceError("forbidden", "Type in your password to see the secrets.");
  const limits = [{ subject: `unmask:${caller.userId}`, max: 10, windowSeconds: 15 * 60 }];
  await countAttempt(limits);
  const user = await db().user.findUnique({ where: { id: caller.userId }, select: { passwordHash: true } });
  if (user && user.passwordHash === null) {
    throw new ServiceError(
      "forbidden",
      "Your account has no password, so that it can't be asked for. Set one, or rotate the credential instead.",
    );
  }
  if (!(await verifyPassword(user?.passwordHash ?? null, password))) throw new ServiceError("forbidden", "The password is wrong.");
  await forgiveAttempt(limits);
}
