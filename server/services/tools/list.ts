import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { type ToolSummary, toToolSummary } from "./types";

export const listToolsSchema = z.object({
  /** Part of a name, key or description. */
  search: z.string().max(200).optional(),
});

/** All tools of the organization, by name: there are few. */
export async function listTools({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listToolsSchema> }): Promise<ToolSummary[]> {
  const { organizationId } = authorize(ctx, "viewer");
  const text = parse(listToolsSchema, input).search?.replaceAll("\u0000", "").trim();
  const contains = { contains: text ?? "", mode: "insensitive" as const };
  const rows = await db().tool.findMany({
    where: {
      organizationId,
      ...(text && { OR: [{ name: contains }, { key: contains }, { description: contains }] }),
    },
    include: { _count: { select: { actions: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  return rows.map(({ _count, ...tool }) => toToolSummary(tool, _count.actions));
}
