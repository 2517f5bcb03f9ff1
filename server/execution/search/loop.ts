import { setTimeout } from "node:timers/promises";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { indexEnded, indexParked } from "./index-executions";

const EVERY_MS = 2_000;
/** How often those that wait are looked for. */
const PARKED_EVERY_MS = 5_000;
const BATCH = 100;
/** After a full batch it rests so many times as long as that took: finding executions must not cost those that run. */
const REST = 9;

/** Batches that one round may take, where nothing else sees to the index. */
const MOST_BATCHES = 20;

/** Brings the search index up to date as far as one round goes: for hosts whose processes do not live on. */
export async function indexRound(): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await indexEnded(sql(), BATCH)) < BATCH) break;
  await indexParked(sql(), BATCH);
}

/**
 * Keeps the search index of executions up to date, a few seconds behind; further while very many end.
 * @returns ends after the batch that is under way
 */
export function startSearchIndex(): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let parkedAt = 0;
  const loop = async (): Promise<void> => {
    for (let pause = EVERY_MS; !signal.aborted; ) {
      await setTimeout(pause, undefined, { ref: false, signal }).catch(() => {});
      if (signal.aborted) return;
      pause = EVERY_MS;
      try {
        const began = performance.now();
        const full = (await indexEnded(sql(), BATCH)) === BATCH;
        if (began - parkedAt >= PARKED_EVERY_MS) {
          parkedAt = began;
          await indexParked(sql(), BATCH);
        }
        if (full) pause = (performance.now() - began) * REST;
      } catch (error) {
        logger.warn({ err: error }, "executions could not be put into the search index; the next round tries again");
      }
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    await running;
  };
}
