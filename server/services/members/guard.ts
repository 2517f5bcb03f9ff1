import type { Role } from "@/prisma/generated/enums";
import type { Db } from "@/server/db";
import { type Caller, hasRole } from "../authorize";
import { notFound, ServiceError } from "../errors";

/**
 * The member to change, with the organization's memberships locked, so that two changes at once cannot both pass.
 * @throws ServiceError `not_found`; `forbidden` for an owner, or a rank above the caller's; `conflict` for the last owner.
 */
export async function memberToChange(tx: Db, caller: Caller, userId: string, becomes: Role | null): Promise<{ role: Role }> {
  await tx.$queryRaw`select id from member where organization_id = ${caller.organizationId} for update`;
  const member = await tx.member.findUnique({ where: { organizationId_userId: { organizationId: caller.organizationId, userId } } });
  if (!member) throw notFound("Member");
  const leaves = becomes === null && caller.userId === userId;
  if (!leaves && !hasRole(caller.role, "admin")) throw new ServiceError("forbidden", "Only owners and admins manage members.");
  if (!leaves && (member.role === "owner" || becomes === "owner") && caller.role !== "owner") {
    throw new ServiceError("forbidden", "Only an owner can change owners.");
  }
  if (member.role === "owner" && becomes !== "owner") {
    const owners = await tx.member.count({ where: { organizationId: caller.organizationId, role: "owner" } });
    if (owners === 1) throw new ServiceError("conflict", "An organization needs an owner: make someone else one first.");
  }
  return member;
}
