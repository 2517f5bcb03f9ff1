import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, line, parse, text } from "../parse";
import { findFlow } from "./find";

export const renameFlowSchema = z.object({ id: idSchema, name: line(200), description: text(2000).optional() });

/** Names a flow, and describes it where a description is given. */
export async function renameFlow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof renameFlowSchema>;
}): Promise<{ id: string; name: string }> {
  const caller = authorize(ctx, "editor");
  const { id, name, description } = parse(renameFlowSchema, input);
  return db().$transaction(async (tx) => {
    await findFlow(tx, caller.organizationId, id);
    await tx.flow.update({ where: { id }, data: { name, ...(description !== undefined && { description: description || null }) } });
    await recordAudit(tx, caller, { action: "flow.rename", target: `flow:${id}`, data: { name } });
    return { id, name };
  });
}
