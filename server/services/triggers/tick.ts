import { EndDispatcher } from "@/server/execution/ends/end-dispatcher";
import { followEnds } from "@/server/execution/ends/follow-end";
import { getEngine } from "@/server/execution/get-engine";
import { indexRound } from "@/server/execution/search/loop";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { endListeners } from "@/server/triggers/end-listeners";
import { dispatchEvents } from "@/server/triggers/events";
import { nextScheduleAt, startDue } from "@/server/triggers/schedule";
import { startKept } from "@/server/triggers/start-kept";

/** A schedule that was published meanwhile is seen after this long. */
const LONGEST_MS = 15_000;
/** Of one look; what is left over is the next one's. */
const MOST_BATCHES = 100;

/** Sees to what processes that live on look at by themselves: events, what follows from the ends of executions, and their search index. */
async function catchUp(): Promise<void> {
  while ((await dispatchEvents(sql(), await getEngine())) > 0);
  while ((await startKept(sql(), await getEngine())) > 0);
  await new EndDispatcher(sql(), followEnds(sql(), getEngine, endListeners(sql(), getEngine)), logger).drain();
  // Nothing that starts may fail for it.
  await indexRound().catch((error: unknown) => logger.warn({ err: error }, "executions could not be put into the search index"));
}

/** Starts the flows whose schedules are due, and what events and ended executions start. @returns when to look again, in milliseconds since the epoch */
export async function tickSchedules(): Promise<number> {
  for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await startDue(new Date())) === 0) break;
  await catchUp();
  const due = await nextScheduleAt();
  return Math.min(due?.getTime() ?? Number.POSITIVE_INFINITY, Date.now() + LONGEST_MS);
}
