import { countAttempt } from "@/server/auth/rate-limit";
import { db } from "@/server/db";
import { type InvitedRole, invitationOfLink } from "./record";

export interface InvitationPreview {
  organizationName: string;
  role: InvitedRole;
  /** Whose account alone can accept it. */
  email: string | null;
  /** By name or address; null when they have left. */
  invitedBy: string | null;
}

/** What a link invites to, for whoever has it, signed in or not; null for one that counts for nothing. */
export async function previewInvitation({ address, code }: { address: string; code: string }): Promise<InvitationPreview | null> {
  await countAttempt([{ subject: `invitation:address:${address}`, max: address === "unknown" ? 5000 : 300, windowSeconds: 3600 }]);
  const invitation = await invitationOfLink(code);
  if (!invitation) return null;
  const { organizationId, role, email } = invitation;
  const organization = await db().organization.findUnique({ where: { id: organizationId }, select: { name: true } });
  if (!organization) return null;
  const userId = /^user:(.+)$/.exec(invitation.invitedBy)?.[1];
  const inviter = userId ? await db().user.findUnique({ where: { id: userId }, select: { name: true, email: true } }) : null;
  return { organizationName: organization.name, role, email, invitedBy: inviter ? (inviter.name ?? inviter.email) : null };
}
