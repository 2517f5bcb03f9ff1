import { createHash } from "node:crypto";
import { type ScheduleRule, scheduleRuleSchema } from "@/nodes/schedule-trigger/definition";
import { nextOfRules } from "@/nodes/schedule-trigger/next-occurrence";

/** Parts of the time between two polls over which triggers are spread. */
const SPREAD = 0.1;
const WIDEST_SPREAD_MS = 30_000;
const FIRST_BACKOFF_MS = 30_000;
const LONGEST_BACKOFF_MS = 3_600_000;
const LONGEST_WAIT_MS = 86_400_000;

/** @throws when they are none: see `triggerIssues` */
export const pollRules = (config: { rules?: unknown }): ScheduleRule[] => scheduleRuleSchema.array().parse(config.rules);

/**
 * When a trigger polls next; null when its rules are never due again. All that say "every five minutes" would come at the same
 * instant: each comes a little later by a part of its own, always the same one.
 */
export function nextPoll(rules: readonly ScheduleRule[], now: Date, timezone: string, triggerId: string): Date | null {
  const part = createHash("sha256").update(triggerId).digest().readUInt32BE(0) / 2 ** 32;
  const slot = nextOfRules(rules, now, timezone);
  const after = slot && nextOfRules(rules, slot, timezone);
  if (!slot || !after) return slot;
  return new Date(slot.getTime() + Math.floor(part * Math.min((after.getTime() - slot.getTime()) * SPREAD, WIDEST_SPREAD_MS)));
}

/**
 * When a trigger polls again after so many failures in a row. What may pass by itself is tried again before the next regular poll when that
 * is far away; what somebody has to see to is not. With `waitMs` the service has said itself when to come again.
 */
export function nextPollAfterFailure(
  regular: Date | null,
  now: Date,
  { failures, mayPass, waitMs }: { failures: number; mayPass: boolean; waitMs?: number | undefined },
): Date | null {
  const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20), LONGEST_BACKOFF_MS);
  const again = now.getTime() + Math.max(backoff, Math.min(waitMs ?? 0, LONGEST_WAIT_MS));
  if (mayPass) return new Date(again);
  return regular && new Date(Math.max(again, regular.getTime()));
}
