import { Settings } from "luxon";
import { allocate, step } from "./budget";
import { flowZone } from "./flow-zone";
import type { ExpressionScope } from "./scope";

/** What the running evaluation reads from. Like the budget, one for the process: evaluation is synchronous. */
export const run: {
  scope: ExpressionScope;
  itemIndex: number;
  /** Copies of host data by original, for an expression that changes values in place; null when it cannot. */
  copies: Map<object, object> | null;
  /** luxon's settings from before, while the flow's stand in their place. */
  settingsBefore: { zone: typeof Settings.defaultZone; locale: string; now: () => number } | null;
} = { scope: undefined as unknown as ExpressionScope, itemIndex: 0, copies: null, settingsBefore: null };

/**
 * luxon reads its default zone, locale and clock from a global. They are the flow's zone, English and the visit's
 * instant from the first use of a date until the evaluation ends; nothing else runs in between.
 */
export function enterFlowTime(): void {
  if (run.settingsBefore !== null) return;
  run.settingsBefore = { zone: Settings.defaultZone, locale: Settings.defaultLocale, now: Settings.now };
  const { now, timezone } = run.scope;
  Settings.defaultZone = flowZone(timezone);
  Settings.defaultLocale = "en-US";
  Settings.now = () => now;
}

export function leaveFlowTime(): void {
  if (run.settingsBefore === null) return;
  const { zone, locale, now } = run.settingsBefore;
  Settings.defaultZone = zone;
  Settings.defaultLocale = locale;
  Settings.now = now;
  run.settingsBefore = null;
}

/**
 * Data of the host as the expression may have it: as it is, or, for an expression that changes values in place
 * (assignment, `push`, `sort`, …), a copy made once per evaluation. So the input never changes.
 */
export function fromHost<T>(value: T): T {
  return run.copies === null || typeof value !== "object" || value === null ? value : (copy(value, run.copies) as T);
}

function copy(value: object, copies: Map<object, object>): object {
  const known = copies.get(value);
  if (known) return known;
  step();
  if (Array.isArray(value)) {
    allocate(value.length * 8);
    const made: unknown[] = [];
    copies.set(value, made);
    for (const entry of value) made.push(typeof entry === "object" && entry !== null ? copy(entry, copies) : entry);
    return made;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const made: Record<string, unknown> = {};
  copies.set(value, made);
  const keys = Object.keys(value);
  allocate(keys.length * 16);
  for (const key of keys) {
    const entry = (value as Record<string, unknown>)[key];
    if (key !== "__proto__") made[key] = typeof entry === "object" && entry !== null ? copy(entry, copies) : entry;
  }
  return made;
}
