import { randomUUID } from "node:crypto";
import { z } from "zod";
import { appUrl } from "@/server/auth/settings";
import { db } from "@/server/db";
import { emailSchema } from "../accounts/email";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { expiryFrom, INVITED, type InvitedRole, invitedRoleSchema, linkToken, newCode, openInvitations, targetOf } from "./record";

export const createInvitationSchema = z.object({
  role: invitedRoleSchema.default("editor"),
  /** Only an account with this address can accept it; absent: whoever has the link. */
  email: emailSchema.optional(),
});

const MAX_OPEN = 200;

export interface CreatedInvitation {
  id: string;
  role: InvitedRole;
  email: string | null;
  expiresAt: string;
  /** What to send to the person. It is in this answer and nowhere else, ever. */
  url: string;
}

/**
 * A link that makes one person a member, for a week.
 * @throws ServiceError `conflict` for an address that is a member's, and beyond 200 open ones.
 */
export async function createInvitation({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof createInvitationSchema>;
}): Promise<CreatedInvitation> {
  const caller = authorize(ctx, "admin");
  const { role, email = null } = parse(createInvitationSchema, input);
  const { organizationId } = caller;
  const { code, sha256 } = newCode();
  const expiresAt = expiryFrom(Date.now()).toISOString();
  return db().$transaction(async (tx) => {
    if (email && (await tx.member.findFirst({ where: { organizationId, user: { email } }, select: { id: true } }))) {
      throw new ServiceError("conflict", `${email} is a member already.`);
    }
    if ((await openInvitations(tx, organizationId)).length >= MAX_OPEN) {
      throw new ServiceError("conflict", `${MAX_OPEN} invitations are open: take back those that nobody needs any more.`);
    }
    const id = randomUUID();
    // Not through recordAudit: the link names the entry that it made.
    const entry = await tx.auditLog.create({
      data: {
        organizationId,
        actor: caller.name,
        action: INVITED,
        target: targetOf(id),
        data: { role, email, expiresAt, code: { sha256 } },
      },
    });
    return { id, role, email, expiresAt, url: new URL(`/invite/${linkToken(entry.id, code)}`, appUrl()).href };
  });
}
