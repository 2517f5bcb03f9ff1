import { getEngine } from "@/server/execution/get-engine";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { claimPolls } from "./claim";
import { dispatchPolled } from "./dispatch";
import { pollTrigger } from "./poll-trigger";
import { type PollServices, pollServices } from "./services";

/** Longest time between two looks: another process may have published a trigger. */
const LONGEST_SLEEP_MS = 1_000;
/** Polls of one process at the same time. */
const AT_ONCE = 10;

interface Options {
  now?: () => Date;
  services?: PollServices;
}

/** Starts what was found and has not been started yet. */
async function dispatchAll(): Promise<void> {
  while ((await dispatchPolled(sql(), await getEngine())) > 0);
}

/**
 * Polls triggers as they come due and starts what is new, in this process beside any others: a lease lets one of them poll a
 * trigger, and what it found is written with the cursor before anything is started.
 * @returns stops: polls under way are given up and made again by another process
 */
export function startPolling({ now = () => new Date(), services = pollServices() }: Options = {}): () => Promise<void> {
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let wake = () => {};

  const poll = (claim: Awaited<ReturnType<typeof claimPolls>>[number]): void => {
    const polling = pollTrigger(claim, services, now, stopping.signal)
      .then((found) => (found > 0 ? dispatchAll() : undefined))
      .catch((error: unknown) => logger.error({ err: error, triggerId: claim.triggerId }, "a poll could not be recorded"))
      .finally(() => {
        underWay.delete(polling);
        if (underWay.size === AT_ONCE - 1) wake();
      });
    underWay.add(polling);
  };

  const look = async (): Promise<void> => {
    await dispatchAll();
    const room = AT_ONCE - underWay.size;
    if (room > 0) for (const claim of await claimPolls(now(), room)) poll(claim);
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => logger.error({ err: error }, "polling triggers could not be looked at"));
      if (stopping.signal.aborted) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LONGEST_SLEEP_MS).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await Promise.all(underWay);
  };
  const running = loop();
  return async () => {
    stopping.abort();
    wake();
    await running;
  };
}

/** Polls what is due at an instant, at most so many at once, and starts what is new. @returns how many triggers were polled */
export async function pollDue({
  now = () => new Date(),
  services = pollServices(),
  most = AT_ONCE,
}: Options & { most?: number } = {}): Promise<number> {
  await dispatchAll();
  const claims = await claimPolls(now(), most);
  const never = new AbortController().signal;
  await Promise.all(claims.map((claim) => pollTrigger(claim, services, now, never)));
  await dispatchAll();
  return claims.length;
}
