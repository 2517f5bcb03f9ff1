import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, instantSchema, parse } from "../parse";
import { breakdownOf, countGroups, type Durations, measureDurations, type StatusBreakdown, successRateOf, totalOf } from "./figures";

export const flowMetricsSchema = z.object({
  flowId: idSchema,
  /** ISO 8601, inclusive, of the executions' start in the queue; everything that is kept without them. */
  from: instantSchema.optional(),
  to: instantSchema.optional(),
});

export interface FlowMetrics {
  flowId: string;
  totalExecutions: number;
  statusBreakdown: StatusBreakdown;
  /** Per cent of the executions that ended, to one decimal; null while none has. */
  successRate: number | null;
  durations: Durations;
}

/** How the executions of a flow went; a deleted flow's as long as they are kept. */
export async function flowMetrics({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof flowMetricsSchema> }): Promise<FlowMetrics> {
  const { organizationId } = authorize(ctx, "viewer");
  const { flowId, from, to } = parse(flowMetricsSchema, input);
  const flow = await db().flow.findFirst({ where: { id: flowId, organizationId }, select: { id: true } });
  if (!flow) throw notFound("Flow");
  const filter = { organizationId, flowId, from, to };
  const groups = await countGroups(filter);
  const statusBreakdown = breakdownOf(groups);
  const durations = await measureDurations(filter, groups);
  return { flowId, totalExecutions: totalOf(statusBreakdown), statusBreakdown, successRate: successRateOf(statusBreakdown), durations };
}
