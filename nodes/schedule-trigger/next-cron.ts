import { Cron } from "croner";
import { DateTime, type Zone } from "luxon";

/** No zone moves its clock by more. */
const LONGEST_GAP_HOURS = 3;
const DAY_MS = 86_400_000;

/**
 * The next instant of a cron expression after another one, as cron itself keeps it over daylight saving: what is due at some
 * time of the day comes once, later where the clock skips that time, and the first time where it comes twice; what is due every
 * so many minutes or hours goes by real time.
 * @throws Error for an expression that is not valid.
 */
export function nextCron(expression: string, after: Date, timezone: string): Date | null {
  if (!isAtTimesOfDay(expression)) return new Cron(expression, { timezone, paused: true }).nextRun(after);
  // The clock on the wall as if it were UTC, where no hour is missing or doubled.
  const cron = new Cron(expression, { timezone: "UTC", paused: true });
  const from = DateTime.fromJSDate(after, { zone: timezone });
  const before = from.minus({ hours: LONGEST_GAP_HOURS });
  // Times that were skipped just before come after `from` yet, though the wall says that they are over.
  const back = from.offset > before.offset ? LONGEST_GAP_HOURS : 0;
  let best: DateTime | null = null;
  let wall = cron.nextRun(onWall(from).minus({ hours: back }).toJSDate());
  while (wall) {
    const at = DateTime.fromMillis(instantOf(wall.getTime(), from.zone), { zone: from.zone });
    if (at.toMillis() > after.getTime() && (!best || at < best)) best = at;
    // Times that were skipped come later than the wall has them: until there, an earlier one may follow.
    if (best && wall.getTime() >= onWall(best).toMillis()) break;
    wall = cron.nextRun(wall);
  }
  return best?.toJSDate() ?? null;
}

const onWall = (time: DateTime): DateTime => time.setZone("UTC", { keepLocalTime: true });

/** When a clock shows a time: the first of two instants; where it skips the time, so much later as it was set forward. */
function instantOf(wallMs: number, zone: Zone): number {
  const [before, after] = [zone.offset(wallMs - DAY_MS), zone.offset(wallMs + DAY_MS)];
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const at = wallMs - offset * 60_000;
    if (zone.offset(at) === offset) return at;
  }
  return wallMs - before * 60_000;
}

/** Whether hours and minutes are given, not counted. */
function isAtTimesOfDay(expression: string): boolean {
  const fields = expression.trim().split(/\s+/);
  const [minute, hour] = fields.length > 5 ? fields.slice(1) : fields;
  return fields.length >= 5 && minute !== undefined && hour !== undefined && !minute.startsWith("*") && !hour.startsWith("*");
}
