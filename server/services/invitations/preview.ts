import { z } from "zod";
import { countAttempt } from "@/server/auth/rate-limit";
import { db } from "@/server/db";
import { parse } from "../parse";
import { type InvitedRole, invitationOfLink } from "./record";

/** What stands in the link after `/invite/`. */
export const previewInvitationSchema = z.object({ code: z.string().max(200) });

export interface InvitationPreview {
  organizationName: string;
  role: InvitedRole;
  /** Whose account alone can accept it. */
  email: string | null;
  /** By name or address; null when they have left. */
  invitedBy: string | null;
}

/** What a link invites to, for whoever has it, signed in or not; null for one that counts for nothing. */
export async function previewInvitation({
  address,
  input,
}: {
  address: string;
  input: z.input<typeof previewInvitationSchema>;
}): Promise<InvitationPreview | null> {
  const { code } = parse(previewInvitationSchema, input);
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
