import { isCancelled, toStepError } from "@/flow/execution/errors";
import type { Item, JsonObject, Outputs } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import { eachItem } from "@/flow/node/each-item";

/** Where an item goes that could not be judged, and as what, when the node goes on after errors. */
type Unjudged = (item: Item, message: string) => { output: number; json: JsonObject };

const FIRST_WITH_ERROR: Unjudged = ({ json }, error) => ({ output: 0, json: { ...json, error } });

/**
 * Sends every item, as it is, out of the outputs that `choose` names by index. An item for which `choose` throws goes on with
 * its error when the node goes on after errors: as `unjudged` says, or out of the error output.
 */
export function routeItems<P>(
  context: NodeContext<P>,
  outputCount: number,
  choose: (index: number) => readonly number[],
  unjudged: Unjudged = FIRST_WITH_ERROR,
): Outputs | Promise<Outputs> {
  const outputs: Outputs = Array.from({ length: outputCount }, () => []);
  const working = eachItem(context, (index) => {
    const item = context.items[index]!;
    try {
      for (const output of choose(index)) outputs[output]?.push({ ...item, pairedItem: { item: index } });
    } catch (thrown) {
      if (!context.continueOnFail || isCancelled(thrown)) throw thrown;
      const error = toStepError(thrown);
      const { output, json } = unjudged(item, error.message);
      outputs[output]?.push({ ...item, json, error, pairedItem: { item: index } });
    }
  });
  return working ? working.then(() => outputs) : outputs;
}

/** The flow's zone, for dates that name none. */
export const zoneOf =
  (context: Pick<NodeContext, "evaluate">, itemIndex: number): (() => string) =>
  () =>
    String(context.evaluate("={{ $now.zoneName }}", itemIndex) ?? "utc");
