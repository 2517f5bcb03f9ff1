import { errorText, isCancelled, isRetriable, toStepError } from "../execution/errors";
import type { Item, Outputs } from "../item";
import type { NodeContext } from "./context";
import { eachItem } from "./each-item";

type Made = Item | Item[];

const place = (list: Item[], made: Made, index: number): void => {
  for (const item of Array.isArray(made) ? made : [made]) {
    list.push(item.pairedItem === undefined ? { ...item, pairedItem: { item: index } } : item);
  }
};

/**
 * Runs a node's work item by item. Lineage is filled in where `work` leaves it out; when the node goes on after errors, a
 * failing item becomes `{ json: { error }, error }` and the others go on. Synchronous work stays synchronous.
 *
 * @returns One output handle.
 */
export function mapItems<P>(
  context: NodeContext<P>,
  work: (item: Item, index: number) => Made | Promise<Made>,
): Outputs | Promise<Outputs> {
  const made: Item[] = [];
  const fail = (thrown: unknown, index: number): void => {
    if (!context.continueOnFail || isCancelled(thrown)) throw thrown;
    const error = toStepError(thrown);
    // While there are attempts left the node has not failed: it is tried again before it goes on.
    if (context.lastAttempt === false && isRetriable(error)) throw thrown;
    made.push({ json: { error: errorText(error) }, error, pairedItem: { item: index } });
  };
  const working = eachItem(context, (index) => {
    try {
      const result = work(context.items[index]!, index);
      if (!(result instanceof Promise)) return place(made, result, index);
      return result.then(
        (value) => place(made, value, index),
        (thrown: unknown) => fail(thrown, index),
      );
    } catch (thrown) {
      return fail(thrown, index);
    }
  });
  return working ? working.then(() => [made]) : [made];
}
