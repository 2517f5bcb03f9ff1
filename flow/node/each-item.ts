import { CancelledError } from "../execution/errors";
import type { NodeContext } from "./context";

/** Milliseconds of work without a pause after which the rest of the process gets its turn. */
const LONGEST_STRETCH_MS = 50;

// Taken now: a test that stops the clock means the flow's time, not ours.
const { setTimeout } = globalThis;

/**
 * Calls `work` for the index of each item, one after the other. Short work that is synchronous stays synchronous; long work
 * pauses now and then, so that a node with many slow items holds up neither other flows nor its own cancellation.
 */
export function eachItem(
  context: Pick<NodeContext, "items" | "signal">,
  work: (index: number) => void | Promise<void>,
): void | Promise<void> {
  const from = (start: number): void | Promise<void> => {
    const since = performance.now();
    for (let index = start; index < context.items.length; index++) {
      const working = work(index);
      if (working) return working.then(() => from(index + 1));
      if (performance.now() - since > LONGEST_STRETCH_MS && index + 1 < context.items.length) {
        return pause(context.signal).then(() => from(index + 1));
      }
    }
  };
  return from(0);
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
  if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
}
