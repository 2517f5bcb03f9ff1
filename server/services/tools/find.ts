import type { Tool } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { notFound } from "../errors";

/**
 * A tool of the organization.
 * @throws ServiceError `not_found`, for another organization's tool too.
 */
export async function findTool(tx: Db, organizationId: string, id: string): Promise<Tool> {
  const tool = await tx.tool.findFirst({ where: { id, organizationId } });
  if (!tool) throw notFound("Tool");
  return tool;
}

/** Makes changes of one tool's actions wait for each other until the transaction ends. */
export async function lockTool(tx: Db, organizationId: string, id: string): Promise<Tool> {
  await tx.$queryRaw`select id from tool where id = ${id} and organization_id = ${organizationId} for update`;
  return findTool(tx, organizationId, id);
}
