import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findTool } from "./find";
import { type ToolSummary, toToolSummary } from "./types";

export const toolIdSchema = z.object({ id: idSchema });

/** One tool of the organization. */
export async function getTool({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof toolIdSchema> }): Promise<ToolSummary> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(toolIdSchema, input);
  const tool = await findTool(db(), organizationId, id);
  return toToolSummary(tool, await db().action.count({ where: { toolId: tool.id, organizationId } }));
}
