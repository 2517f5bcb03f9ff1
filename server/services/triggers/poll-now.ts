import type { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { findTrigger } from "./find";
import { triggerIdSchema } from "./get";

/**
 * Has a polling trigger look now instead of at its next time: after what made it fail was mended, say. What it finds starts the flow as
 * ever; the regular times stay as they are.
 * @throws ServiceError `conflict` for a trigger of another kind, and for one that does not fire
 */
export async function pollNow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof triggerIdSchema>;
}): Promise<{ id: string; nextAt: string }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(triggerIdSchema, input);
  return db().$transaction(async (tx) => {
    const trigger = await findTrigger(tx, caller.organizationId, id);
    if (trigger.type !== "poll") throw new ServiceError("conflict", "This trigger does not poll: there is nothing that it could look at.");
    const flow = await tx.flow.findUniqueOrThrow({ where: { id: trigger.flowId } });
    if (!trigger.active || !flow.active) {
      throw new ServiceError("conflict", `The trigger does not fire: publish "${flow.name}" with it, and switch the flow on.`);
    }
    const now = new Date();
    await tx.pollState.update({ where: { triggerId: id }, data: { nextAt: now } });
    await recordAudit(tx, caller, { action: "trigger.poll", target: `trigger:${id}`, data: { flowId: flow.id } });
    return { id, nextAt: now.toISOString() };
  });
}
