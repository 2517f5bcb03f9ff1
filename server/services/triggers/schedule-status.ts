import type { Trigger } from "@/prisma/generated/client";
import { type FailingStatus, failingStatusOf } from "./failing-status";

/** Where a schedule stands. Instants are ISO 8601. */
export interface ScheduleStatus extends FailingStatus {
  /** When it starts its flow next, or tries again to; null while its flow is off, and when it is never due again. */
  nextAt: string | null;
}

/** @param fires the flow is active and its published version has the trigger */
export function scheduleStatusOf(trigger: Trigger, fires: boolean): ScheduleStatus {
  const { nextAt, retryAt } = trigger;
  const next = nextAt && retryAt && retryAt > nextAt ? retryAt : nextAt;
  return { nextAt: fires ? (next?.toISOString() ?? null) : null, ...failingStatusOf(trigger) };
}
