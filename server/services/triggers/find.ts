import type { Trigger } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { notFound } from "../errors";

/**
 * A trigger of a flow of the organization that is not deleted.
 * @throws ServiceError `not_found`, for another organization's trigger too.
 */
export async function findTrigger(tx: Db, organizationId: string, id: string): Promise<Trigger> {
  const trigger = await tx.trigger.findFirst({ where: { id, organizationId, flow: { deletedAt: null } } });
  if (!trigger) throw notFound("Trigger");
  return trigger;
}
