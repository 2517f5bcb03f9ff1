import { setTimeout } from "node:timers/promises";
import { logger } from "@/server/logger";
import { prune } from "./prune";

/** A process that starts has other things to do first. */
const FIRST_MS = 60_000;
const EVERY_MS = 10 * 60_000;

/**
 * Deletes what is no longer kept, every few minutes, in this process beside any others.
 * @returns ends after the batch that is under way
 */
export function startRetention({
  firstMs = FIRST_MS,
  everyMs = EVERY_MS,
}: {
  firstMs?: number;
  everyMs?: number;
} = {}): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    for (let pause = firstMs; !signal.aborted; pause = everyMs) {
      await setTimeout(pause, undefined, { ref: false, signal }).catch(() => {});
      if (!signal.aborted) await pruneAndTell(signal);
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function pruneAndTell(signal: AbortSignal): Promise<void> {
  try {
    const { isDone, ...deleted } = await prune({ signal });
    if (Object.values(deleted).some((count) => count > 0)) logger.info(deleted, "what is no longer kept was deleted");
  } catch (error) {
    logger.error({ err: error }, "what is no longer kept could not be deleted; the next round tries again");
  }
}
