import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";

/** Whole days from the end; null keeps for ever. */
const days = z
  .number()
  .int("must be a whole number of days")
  .min(1, "must be at least one day")
  .max(3650, "must be at most 3650 days")
  .nullable();

export const setRetentionSchema = z.object({
  /** Succeeded and cancelled executions. */
  succeededDays: days.optional(),
  /** Failed and timed-out executions. */
  failedDays: days.optional(),
  logDays: days.optional(),
  /** Deleted flows, with their executions. */
  deletedFlowDays: days.optional(),
});

/** Days for which an organization keeps things; null is for ever. */
export interface Retention {
  succeededDays: number | null;
  failedDays: number | null;
  logDays: number | null;
  deletedFlowDays: number | null;
}

const COLUMNS = { retainSucceededDays: true, retainFailedDays: true, retainLogDays: true, retainDeletedFlowDays: true } as const;

const toRetention = (row: Record<keyof typeof COLUMNS, number | null>): Retention => ({
  succeededDays: row.retainSucceededDays,
  failedDays: row.retainFailedDays,
  logDays: row.retainLogDays,
  deletedFlowDays: row.retainDeletedFlowDays,
});

/** How long the organization keeps executions, logs and deleted flows. */
export async function getRetention({ ctx }: { ctx: ServiceContext }): Promise<Retention> {
  const { organizationId } = authorize(ctx, "viewer");
  return toRetention(await db().organization.findUniqueOrThrow({ where: { id: organizationId }, select: COLUMNS }));
}

/** Changes how long things are kept; what a shorter time no longer covers is deleted within minutes. */
export async function setRetention({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof setRetentionSchema> }): Promise<Retention> {
  const caller = authorize(ctx, "admin");
  const { succeededDays, failedDays, logDays, deletedFlowDays } = parse(setRetentionSchema, input);
  return db().$transaction(async (tx) => {
    const row = await tx.organization.update({
      where: { id: caller.organizationId },
      data: {
        retainSucceededDays: succeededDays,
        retainFailedDays: failedDays,
        retainLogDays: logDays,
        retainDeletedFlowDays: deletedFlowDays,
      },
      select: COLUMNS,
    });
    const retention = toRetention(row);
    await recordAudit(tx, caller, {
      action: "organization.setRetention",
      target: `organization:${caller.organizationId}`,
      data: { ...retention },
    });
    return retention;
  });
}
