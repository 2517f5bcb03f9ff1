import { errorText, type StepError } from "../execution/errors";
import type { GraphNode } from "../graph/schema";
import type { Item, Outputs } from "../item";

const withError = (item: Item | undefined, error: StepError, position: number): Item => ({
  json: { ...item?.json, error: errorText(error) },
  ...(item?.binary && { binary: item.binary }),
  pairedItem: { item: position },
});

/**
 * What a failed node that goes on gives. `errorOutput`: its input items with the error, at the last output.
 * `continue`: its input items as they came, n8n's "last valid data".
 */
export function outputsOfFailure(node: GraphNode, inputs: readonly (readonly Item[])[], error: StepError, outputCount: number): Outputs {
  const items = inputs[0] ?? [];
  const outputs: Outputs = Array.from({ length: outputCount }, () => []);
  if (node.settings?.onError === "errorOutput") {
    const failed = items.length === 0 ? [withError(undefined, error, 0)] : items.map((item, position) => withError(item, error, position));
    outputs[outputCount - 1] = failed;
  } else {
    outputs[0] = items.map((item, position) => ({ ...item, pairedItem: { item: position } }));
  }
  return outputs;
}

/** Sends the items that carry an error where the node's `onError` says; nothing after the node sees the mark itself. */
function routeErrors(node: GraphNode, inputs: readonly (readonly Item[])[], outputs: Outputs, outputCount: number): Outputs {
  if (!outputs.some((items) => items.some((item) => item.error))) return outputs;
  const toErrorOutput = node.settings?.onError === "errorOutput";
  const failed: Item[] = [];
  const kept = outputs.map((items) =>
    items.flatMap((item) => {
      if (!item.error) return [item];
      const { error, ...rest } = item;
      if (!toErrorOutput) return [rest];
      // An error about all items at once is none of one of them.
      if (rest.pairedItem === undefined) {
        failed.push(rest);
        return [];
      }
      const origin = typeof rest.pairedItem === "object" && !Array.isArray(rest.pairedItem) ? rest.pairedItem.item : 0;
      failed.push({ ...withError(inputs[0]?.[origin], error, origin) });
      return [];
    }),
  );
  if (toErrorOutput) {
    while (kept.length < outputCount) kept.push([]);
    kept[outputCount - 1] = [...(kept[outputCount - 1] ?? []), ...failed];
  }
  return kept;
}

/** Where an executor said nothing: one input item made everything, or equally many were made one by one. */
function pair(inputs: readonly (readonly Item[])[], outputs: Outputs): void {
  if (inputs.length !== 1) return;
  const count = inputs[0]?.length ?? 0;
  for (const items of outputs) {
    if (items.length === 0 || items[0]!.pairedItem !== undefined) continue;
    if (count !== 1 && count !== items.length) continue;
    items.forEach((item, position) => {
      item.pairedItem ??= { item: count === 1 ? 0 : position };
    });
  }
}

/** Brings an executor's result into the shape that is journaled: every output, errors routed, lineage filled in. */
export function finishOutputs(node: GraphNode, inputs: readonly (readonly Item[])[], given: Outputs, outputCount: number): Outputs {
  const outputs = routeErrors(node, inputs, given, outputCount);
  while (outputs.length < outputCount) outputs.push([]);
  pair(inputs, outputs);
  if (node.settings?.alwaysOutputData && outputs.every((items) => items.length === 0)) {
    outputs[0] = [{ json: {}, pairedItem: (inputs[0] ?? []).map((_, position) => ({ item: position })) }];
  }
  return outputs;
}
