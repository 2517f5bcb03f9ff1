import { nextScheduleAt, startDue } from "@/server/triggers/schedule";

/** A schedule that was published meanwhile is seen after this long. */
const LONGEST_MS = 15_000;
/** Of one look; what is left over is the next one's. */
const MOST_BATCHES = 100;

/** Starts the flows whose schedules are due. @returns when to look again, in milliseconds since the epoch */
export async function tickSchedules(): Promise<number> {
  for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await startDue(new Date())) === 0) break;
  const due = await nextScheduleAt();
  return Math.min(due?.getTime() ?? Number.POSITIVE_INFINITY, Date.now() + LONGEST_MS);
}
