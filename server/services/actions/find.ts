import type { Action, Tool } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { notFound } from "../errors";

/**
 * An action of the organization with its tool.
 * @throws ServiceError `not_found`, for another organization's action too.
 */
export async function findAction(tx: Db, organizationId: string, id: string): Promise<Action & { tool: Tool }> {
  const action = await tx.action.findFirst({ where: { id, organizationId }, include: { tool: true } });
  if (!action) throw notFound("Action");
  return action;
}
