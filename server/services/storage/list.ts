import { z } from "zod";
import type { Json } from "@/flow/item";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse, text } from "../parse";
import { findPlace, placeSchema } from "./place";

export const listStorageSchema = placeSchema.omit({ nodeId: true }).extend({
  /** Key and node after which the list goes on. */
  after: z.object({ nodeId: text(200), key: text(512) }).nullish(),
  limit: z.number().int().min(1).max(200).default(100),
});

export interface StoredValue {
  /** Empty for what the flow's nodes share. */
  nodeId: string;
  key: string;
  value: Json;
  updatedAt: string;
}

/** What a flow and its nodes keep, or what all flows of the organization share, by node and key. */
export async function listStorage({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listStorageSchema> }): Promise<{
  values: StoredValue[];
  next: { nodeId: string; key: string } | null;
}> {
  const caller = authorize(ctx, "viewer");
  const { after, limit, flowId } = parse(listStorageSchema, input);
  const { nodeId: _, ...place } = await findPlace(db(), caller.organizationId, { flowId });
  const rows = await db().flowStorage.findMany({
    where: {
      ...place,
      ...(after && { OR: [{ nodeId: { gt: after.nodeId } }, { nodeId: after.nodeId, key: { gt: after.key } }] }),
    },
    orderBy: [{ nodeId: "asc" }, { key: "asc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    values: page.map(({ nodeId, key, value, updatedAt }) => ({
      nodeId,
      key,
      value: JSON.parse(value) as Json,
      updatedAt: updatedAt.toISOString(),
    })),
    next: last ? { nodeId: last.nodeId, key: last.key } : null,
  };
}
