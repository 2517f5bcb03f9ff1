import { z } from "zod";
import { countAttempt } from "@/server/auth/rate-limit";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { lockMembers } from "./lock";
import { invalidInvitation, invitationOfLink, JOINED, targetOf } from "./record";

/** What stands in the link after `/invite/`. */
export const acceptInvitationSchema = z.object({ code: z.string().max(200) });

/**
 * Makes whoever is signed in a member, once. Who is one already stays what they are, and the link is not used up.
 * @throws ServiceError `not_found`, the same for every reason why a link counts for nothing.
 */
export async function acceptInvitation({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof acceptInvitationSchema>;
}): Promise<{ organizationId: string }> {
  const { userId } = authorize(ctx, "viewer");
  if (userId === null) throw new ServiceError("forbidden", "Invitations are for people.");
  const { code } = parse(acceptInvitationSchema, input);
  await countAttempt([{ subject: `invitation:user:${userId}`, max: 60, windowSeconds: 3600 }]);
  const found = await invitationOfLink(code);
  if (!found) throw invalidInvitation();
  const { organizationId } = found;
  return db().$transaction(async (tx) => {
    await lockMembers(tx, organizationId);
    // Again, now that nobody else can use it or take it back.
    const invitation = await invitationOfLink(code, tx);
    const user = await tx.user.findUnique({ where: { id: userId }, select: { email: true } });
    if (!invitation || !user || (invitation.email !== null && invitation.email !== user.email)) throw invalidInvitation();
    const { role } = invitation;
    if (await tx.member.findUnique({ where: { organizationId_userId: { organizationId, userId } }, select: { id: true } })) {
      return { organizationId };
    }
    await tx.member.create({ data: { organizationId, userId, role } });
    await recordAudit(
      tx,
      { organizationId, name: `user:${userId}` },
      { action: JOINED, target: targetOf(invitation.id), data: { role, invitedBy: invitation.invitedBy } },
    );
    return { organizationId };
  });
}
