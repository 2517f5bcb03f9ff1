import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { lockMembers } from "./lock";
import { openInvitations, REVOKED, targetOf } from "./record";

export const revokeInvitationSchema = z.object({ id: idSchema });

/** Takes an invitation back: its link is worth nothing from now on. */
export async function revokeInvitation({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof revokeInvitationSchema>;
}): Promise<{ id: string }> {
  const caller = authorize(ctx, "admin");
  const { id } = parse(revokeInvitationSchema, input);
  return db().$transaction(async (tx) => {
    await lockMembers(tx, caller.organizationId);
    const open = await openInvitations(tx, caller.organizationId);
    const invitation = open.find((each) => each.id === id);
    if (!invitation) throw notFound("Invitation");
    const { role, email } = invitation;
    await recordAudit(tx, caller, { action: REVOKED, target: targetOf(id), data: { role, email } });
    return { id };
  });
}
