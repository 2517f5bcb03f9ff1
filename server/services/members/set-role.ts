import { z } from "zod";
import { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { memberToChange } from "./guard";

export const setMemberRoleSchema = z.object({ userId: idSchema, role: z.enum(Role) });

/** Gives a member another role; it counts from their next request on. */
export async function setMemberRole({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setMemberRoleSchema>;
}): Promise<{ userId: string; role: Role }> {
  const caller = authorize(ctx, "admin");
  const { userId, role } = parse(setMemberRoleSchema, input);
  return db().$transaction(async (tx) => {
    const before = await memberToChange(tx, caller, userId, role);
    await tx.member.update({ where: { organizationId_userId: { organizationId: caller.organizationId, userId } }, data: { role } });
    await recordAudit(tx, caller, { action: "member.setRole", target: `user:${userId}`, data: { from: before.role, to: role } });
    return { userId, role };
  });
}
