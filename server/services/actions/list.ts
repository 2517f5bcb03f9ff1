import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findTool } from "../tools/find";
import { type ActionSummary, toActionSummary } from "../tools/types";

export const listActionsSchema = z.object({
  toolId: idSchema.optional(),
  /** Words that are in the name, key, path, group or description. */
  search: z.string().max(200).optional(),
  offset: z.number().int().min(0).max(1_000_000).default(0),
  limit: z.number().int().min(1).max(5000).default(100),
});

/** Actions of a tool, in its order, or of all tools; without what a form needs. */
export async function listActions({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listActionsSchema> }): Promise<{
  actions: ActionSummary[];
  /** How many there are in all. */
  total: number;
}> {
  const { organizationId } = authorize(ctx, "viewer");
  const { toolId, search, offset, limit } = parse(listActionsSchema, input);
  if (toolId !== undefined) await findTool(db(), organizationId, toolId);
  const words = (search ?? "").replaceAll("\u0000", "").split(/\s+/).filter(Boolean).slice(0, 10);
  const where = {
    organizationId,
    ...(toolId !== undefined && { toolId }),
    AND: words.map((word) => {
      const contains = { contains: word, mode: "insensitive" as const };
      return { OR: [{ name: contains }, { key: contains }, { endpoint: contains }, { group: contains }, { description: contains }] };
    }),
  };
  const [rows, total] = await Promise.all([
    db().action.findMany({
      where,
      omit: { definition: true },
      orderBy: [{ toolId: "asc" }, { position: "asc" }, { id: "asc" }],
      skip: offset,
      take: limit,
    }),
    db().action.count({ where }),
  ]);
  return { actions: rows.map(toActionSummary), total };
}
