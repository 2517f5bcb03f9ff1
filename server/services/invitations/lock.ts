import type { Db } from "@/server/db";

/** One change of an organization's memberships at a time: two at once would each not see the other. */
export async function lockMembers(tx: Db, organizationId: string): Promise<void> {
  await tx.$queryRaw`select id from member where organization_id = ${organizationId} for update`;
}
