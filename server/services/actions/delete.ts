import type { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import { lockTool } from "../tools/find";
import { findAction } from "./find";
import { actionIdSchema } from "./get";

/** Deletes an action. Nodes that use it stay, and say what is missing when they run. */
export async function deleteAction({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof actionIdSchema>;
}): Promise<{ id: string }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(actionIdSchema, input);
  return db().$transaction(async (tx) => {
    const action = await findAction(tx, caller.organizationId, id);
    await lockTool(tx, caller.organizationId, action.toolId);
    const { count } = await tx.action.deleteMany({ where: { id } });
    if (count === 0) throw notFound("Action");
    const data = { name: action.name, key: action.key, tool: action.tool.key };
    await recordAudit(tx, caller, { action: "action.delete", target: `action:${id}`, data });
    return { id };
  });
}
