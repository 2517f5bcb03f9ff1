import type { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";

export interface MemberSummary {
  userId: string;
  name: string | null;
  email: string;
  image: string | null;
  role: Role;
  joinedAt: string;
}

/** Members of the organization, in the order in which they joined. */
export async function listMembers({ ctx }: { ctx: ServiceContext }): Promise<{ members: MemberSummary[] }> {
  const caller = authorize(ctx, "viewer");
  const rows = await db().member.findMany({
    where: { organizationId: caller.organizationId },
    include: { user: { select: { name: true, email: true, image: true } } },
    orderBy: { createdAt: "asc" },
    take: 1000,
  });
  return { members: rows.map(({ userId, role, createdAt, user }) => ({ userId, role, joinedAt: createdAt.toISOString(), ...user })) };
}
