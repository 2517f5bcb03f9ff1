import type { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { lockTool } from "./find";
import { toolIdSchema } from "./get";

/** Deletes a tool and its actions. Nodes that use them stay, and say what is missing when they run. */
export async function deleteTool({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof toolIdSchema> }): Promise<{ id: string }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(toolIdSchema, input);
  return db().$transaction(async (tx) => {
    const tool = await lockTool(tx, caller.organizationId, id);
    await tx.tool.delete({ where: { id } });
    await recordAudit(tx, caller, { action: "tool.delete", target: `tool:${id}`, data: { name: tool.name, key: tool.key } });
    return { id };
  });
}
