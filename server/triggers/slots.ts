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

/** A slot that is taken up this late was not missed. */
const ON_TIME_MS = 60_000;
/** Slots that are made up for at most: the latest ones. */
const MOST_CAUGHT_UP = 1_000;

/**
 * The slots to start now, earliest first: the one that is due, and of those that passed unseen what the schedule wants to make
 * up for. Empty when it wants none.
 */
export function slotsToStart(config: JsonObject, due: Date, now: Date, timezone: string = DEFAULT_TIMEZONE): Date[] {
  const { catchUp, rules } = scheduleTrigger.parameters.parse(config);
  if (catchUp === "all") return latestSlots((after) => nextOfRules(rules, after, timezone), due, now, MOST_CAUGHT_UP);
  const last = lastSlot(config, due, now, timezone);
  return catchUp === "skip" && now.getTime() - last.getTime() > ON_TIME_MS ? [] : [last];
}

/** Looks back as `lastSlot` does, until it has seen enough. */
function latestSlots(next: (after: Date) => Date | null, due: Date, now: Date, most: number): Date[] {
  const reach = now.getTime() - due.getTime();
  for (let back = 1_000; ; back *= 2) {
    const isWhole = back >= reach;
    const slots = isWhole ? [due] : [];
    let slot = next(isWhole ? due : new Date(now.getTime() - back - 1));
    while (slot && slot <= now) {
      slots.push(slot);
      slot = next(slot);
    }
    if (isWhole || slots.length >= most) return slots.slice(-most);
  }
}
