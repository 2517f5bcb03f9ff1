import type { z } from "zod";
import type { Item, Outputs, PairedItem } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import type { loopOverItems } from "./definition";
import { DONE, type LoopState, loopState } from "./loop-state";

type Parameters = z.infer<typeof loopOverItems.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  const { earlierRuns, items, runIndex } = context;
  if (items.length === 0) return [[], []];
  const { batchSize, reset } = context.parameters(0);
  const state = reset ? null : loopState(earlierRuns);
  if (!state) return batch(items, 0, batchSize, {});
  const all = state.next === null ? [] : (earlierRuns.run(state.start)?.inputs[0] ?? []);
  if (state.next !== null && state.next < all.length) {
    return batch(all, state.next, batchSize, state.start === runIndex ? {} : { run: state.start });
  }
  return [returned(context, state), []];
};

const batch = (items: readonly Item[], from: number, size: number, origin: { run?: number }): Outputs => [
  [],
  items.slice(from, from + size).map((item, index) => ({ ...item, pairedItem: { item: from + index, ...origin } })),
];

/** All that came back since the loop began. What comes in after its end joins it, as long as nothing resets the loop. */
function returned({ earlierRuns, items, runIndex }: NodeContext<Parameters>, { start, next }: LoopState): Item[] {
  const list: Item[] = [];
  if (next === null) {
    const latest = runIndex - 1;
    for (const item of earlierRuns.run(latest)?.outputs[DONE] ?? []) {
      list.push({ ...item, pairedItem: { run: latest, ...(item.pairedItem as PairedItem) } });
    }
  } else {
    for (let run = start + 1; run < runIndex; run++) {
      earlierRuns.run(run)?.inputs[0]?.forEach((item, index) => {
        list.push({ ...item, pairedItem: { item: index, run } });
      });
    }
  }
  items.forEach((item, index) => {
    list.push({ ...item, pairedItem: { item: index } });
  });
  return list;
}
