import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findTrigger } from "./find";
import { type PollStatus, pollStatusOf } from "./poll-status";
import { type ScheduleStatus, scheduleStatusOf } from "./schedule-status";

export const triggerIdSchema = z.object({ id: idSchema });

/** How a trigger stands now. Of a secret it says whether it is set; the secret itself is never answered. */
export async function getTrigger({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof triggerIdSchema> }): Promise<{
  id: string;
  flowId: string;
  nodeId: string;
  type: string;
  hasSecret: boolean;
  /** The published version has it and the flow is active: it fires. */
  active: boolean;
  /** Of a polling trigger that was published. */
  poll: PollStatus | null;
  /** Of a schedule. */
  schedule: ScheduleStatus | null;
}> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(triggerIdSchema, input);
  const trigger = await findTrigger(db(), organizationId, id);
  const { flowId, nodeId, type } = trigger;
  const [flow, state] = await Promise.all([
    db().flow.findUniqueOrThrow({ where: { id: flowId }, select: { active: true } }),
    type === "poll" ? db().pollState.findUnique({ where: { triggerId: id } }) : null,
  ]);
  const active = trigger.active && flow.active;
  return {
    id,
    flowId,
    nodeId,
    type,
    hasSecret: trigger.secret !== null,
    active,
    poll: pollStatusOf(state, active),
    schedule: type === "schedule" ? scheduleStatusOf(trigger, active) : null,
  };
}
