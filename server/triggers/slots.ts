import type { JsonObject } from "@/flow/item";
import { scheduleTrigger } from "@/nodes/schedule-trigger/definition";
import { nextOfRules } from "@/nodes/schedule-trigger/next-occurrence";

/** Zone of a flow that names none. */
export const DEFAULT_TIMEZONE = "UTC";

/**
 * The first slot of a schedule after an instant; null when there is none.
 * @param config parameters of the schedule node
 * @throws when they are no schedule: see `triggerIssues`
 */
export const nextSlot = (config: JsonObject, after: Date, timezone: string = DEFAULT_TIMEZONE): Date | null =>
  nextOfRules(scheduleTrigger.parameters.parse(config).rules, after, timezone);

/**
 * The last slot of a schedule that is not after `now`, given that `due` is one. Looks back from now in steps that double, so that
 * years of missed minutes cost no more than one.
 */
export function lastSlot(config: JsonObject, due: Date, now: Date, timezone: string = DEFAULT_TIMEZONE): Date {
  const reach = now.getTime() - due.getTime();
  for (let back = 1_000; back < reach; back *= 2) {
    let last: Date | null = null;
    let next = nextSlot(config, new Date(now.getTime() - back - 1), timezone);
    while (next && next <= now) {
      last = next;
      next = nextSlot(config, next, timezone);
    }
    if (last) return last > due ? last : due;
  }
  return due;
}
