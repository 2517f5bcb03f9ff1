import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { Flow } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { notFound } from "../errors";

/**
 * A flow of the organization that is not deleted.
 * @throws ServiceError `not_found`, for another organization's flow too.
 */
export async function findFlow(tx: Db, organizationId: string, id: string): Promise<Flow> {
  const flow = await tx.flow.findFirst({ where: { id, organizationId, deletedAt: null } });
  if (!flow) throw notFound("Flow");
  return flow;
}

/** A stored graph. It was parsed before it was written, so a failure here is a fault of ours. */
export const storedGraph = (json: unknown): Graph => graphSchema.parse(json);

/** Makes concurrent changes of one flow wait for each other until the transaction ends. */
export async function lockFlow(tx: Db, organizationId: string, id: string): Promise<void> {
  await tx.$queryRaw`select id from flow where id = ${id} and organization_id = ${organizationId} for update`;
}
