import { z } from "zod";
import { db } from "@/server/db";
import { rescheduleTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { findFlow } from "./find";

export const setActiveSchema = z.object({ id: idSchema, active: z.boolean() });

/**
 * Switches a flow's triggers on or off. Slots that passed while a flow was off are not made up for.
 * @throws ServiceError `conflict` when there is no published version to run.
 */
export async function setFlowActive({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setActiveSchema>;
}): Promise<{ id: string; active: boolean }> {
  const caller = authorize(ctx, "editor");
  const { id, active } = parse(setActiveSchema, input);
  return db().$transaction(async (tx) => {
    const flow = await findFlow(tx, caller.organizationId, id);
    if (active && flow.publishedVersion === null)
      throw new ServiceError("conflict", `"${flow.name}" has no published version to run. Publish it first.`);
    await tx.flow.update({ where: { id }, data: { active } });
    if (active && !flow.active) await rescheduleTriggers(tx, flow);
    await recordAudit(tx, caller, { action: active ? "flow.activate" : "flow.deactivate", target: `flow:${id}` });
    return { id, active };
  });
}
