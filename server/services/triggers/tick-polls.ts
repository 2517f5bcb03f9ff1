import { nextPollAt } from "@/server/triggers/polling/claim";
import { pollDue } from "@/server/triggers/polling/loop";

/** A trigger that was published meanwhile is seen after this long. */
const LONGEST_MS = 15_000;
const SHORTEST_MS = 1_000;
/** Seconds of one look; what is left over is the next one's. */
const LOOK_MS = 20_000;

/** Polls the triggers that are due and starts what is new. @returns when to look again, in milliseconds since the epoch */
export async function tickPolls(): Promise<number> {
  const until = Date.now() + LOOK_MS;
  while ((await pollDue()) > 0 && Date.now() < until);
  const next = (await nextPollAt())?.getTime() ?? Number.POSITIVE_INFINITY;
  return Math.max(Math.min(next, Date.now() + LONGEST_MS), Date.now() + SHORTEST_MS);
}
