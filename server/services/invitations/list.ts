import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { type InvitedRole, openInvitations } from "./record";

export interface InvitationSummary {
  id: string;
  role: InvitedRole;
  email: string | null;
  invitedAt: string;
  expiresAt: string;
}

/** Who was invited and has not come yet, the newest first. */
export async function listInvitations({ ctx }: { ctx: ServiceContext }): Promise<{ invitations: InvitationSummary[] }> {
  const caller = authorize(ctx, "admin");
  const open = await openInvitations(db(), caller.organizationId);
  return {
    invitations: open.map(({ id, role, email, invitedAt, expiresAt }) => ({
      id,
      role,
      email,
      invitedAt: invitedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    })),
  };
}
