import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { memberToChange } from "./guard";

export const removeMemberSchema = z.object({ userId: idSchema });

/** Takes someone out of the organization, or oneself; their access ends with their next request. */
export async function removeMember({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof removeMemberSchema>;
}): Promise<{ userId: string }> {
  const itself = ctx.actor.kind === "member" && ctx.actor.userId === input?.userId;
  const caller = authorize(ctx, itself ? "viewer" : "admin");
  const { userId } = parse(removeMemberSchema, input);
  return db().$transaction(async (tx) => {
    const before = await memberToChange(tx, caller, userId, null);
    await tx.member.delete({ where: { organizationId_userId: { organizationId: caller.organizationId, userId } } });
    await recordAudit(tx, caller, { action: "member.remove", target: `user:${userId}`, data: { role: before.role } });
    return { userId };
  });
}
