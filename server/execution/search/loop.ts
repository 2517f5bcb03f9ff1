import { setTimeout } from "node:timers/promises";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { indexEnded } from "./index-ended";

const EVERY_MS = 2_000;
const BATCH = 100;
/** After a full batch it rests so many times as long as that took: finding executions must not cost those that run. */
const REST = 9;

/**
 * Keeps the search index of executions up to date, a few seconds behind; further while very many end.
 * @returns ends after the batch that is under way
 */
export function startSearchIndex(): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    for (let pause = EVERY_MS; !signal.aborted; ) {
      await setTimeout(pause, undefined, { ref: false, signal }).catch(() => {});
      if (signal.aborted) return;
      pause = EVERY_MS;
      try {
        const began = performance.now();
        if ((await indexEnded(sql(), BATCH)) === BATCH) pause = (performance.now() - began) * REST;
      } catch (error) {
        logger.warn({ err: error }, "ended executions could not be put into the search index; the next round tries again");
      }
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    await running;
  };
}
