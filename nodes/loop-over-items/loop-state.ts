import type { Item, JsonObject, PairedItem } from "@/flow/item";
import type { NodeRuns } from "@/flow/node/define-node";

/** Outputs, in the order of the definition. */
export const DONE = 0;
export const LOOP = 1;

/** How far a loop is. */
export interface LoopState {
  /** Run whose input goes round. */
  start: number;
  /** Index, in that input, of the item that is next; null once all came back. */
  next: number | null;
}

const pairOf = (item: Item | undefined): PairedItem | undefined =>
  typeof item?.pairedItem === "object" && !Array.isArray(item.pairedItem) ? item.pairedItem : undefined;

/**
 * How far the runs so far have come; null when there are none. It is told by the lineage of what the last one gave: an item on
 * its way through the loop says which run it came in with, and at which place.
 */
export function loopState(runs: NodeRuns): LoopState | null {
  const latest = runs.count - 1;
  const outputs = runs.run(latest)?.outputs;
  if (!outputs) return null;
  const onItsWay = pairOf(outputs[LOOP]?.at(-1));
  if (onItsWay) return { start: onItsWay.run ?? latest, next: onItsWay.item + 1 };
  return { start: Math.max(0, (pairOf(outputs[DONE]?.[0])?.run ?? latest) - 1), next: null };
}

/** What `$('Loop Over Items').context` tells. */
export function loopContext(runs: NodeRuns): JsonObject {
  const state = loopState(runs);
  if (!state) return {};
  const { start, next } = state;
  const count = runs.run(start)?.inputs[0]?.length ?? 0;
  return { currentRunIndex: runs.count - 1 - start, noItemsLeft: next === null || next >= count, done: next === null };
}
