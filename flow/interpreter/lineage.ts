import { ExpressionError } from "../expression/errors";
import type { Item, Outputs, PairedItem } from "../item";
import { type StepKey, stepKey } from "./host";
import type { Visit } from "./plan";

/** Reads what earlier visits gave. */
export interface History {
  visit(key: StepKey): Visit;
  outputs(key: StepKey): Outputs;
}

const pairs = (item: Item): PairedItem[] => {
  const { pairedItem } = item;
  if (pairedItem === undefined) return [];
  if (typeof pairedItem === "number") return [{ item: pairedItem }];
  return Array.isArray(pairedItem) ? pairedItem : [pairedItem];
};

/**
 * The item of the node `name` that an item of this visit was made from.
 *
 * 1. The item came in at `input`, place `position`: its source is an output of an earlier visit, at the same place.
 * 2. A visit of the wanted node ends the walk.
 * 3. Otherwise the item's `pairedItem` tells which items of that visit's inputs (or of those of an earlier run of the same
 *    node) it was made from; each is followed.
 *
 * @throws ExpressionError when the trail ends before the node, or when it leads to different items of it.
 */
export function ancestorItem(history: History, from: Visit, input: number, position: number, target: { id: string; name: string }): Item {
  const found = new Set<Item>();
  let broken: string | null = null;
  const seen = new Set<string>();
  const stack: { visit: Visit; input: number; position: number }[] = [{ visit: from, input, position }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    const source = step.visit.sources[step.input];
    if (!source) continue;
    const place = `${source.key}/${source.output}/${step.position}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const visit = history.visit(source.key);
    const item = history.outputs(source.key)[source.output]?.[step.position];
    if (!item) {
      broken ??= visit.node.name;
      continue;
    }
    if (visit.node.id === target.id) {
      found.add(item);
      continue;
    }
    const origins = pairs(item);
    if (origins.length === 0 && visit.sources.length > 0) broken ??= visit.node.name;
    for (const origin of origins) {
      const given = origin.run === undefined ? visit : history.visit(stepKey(visit.node.id, origin.run));
      stack.push({ visit: given, input: origin.input ?? 0, position: origin.item });
    }
  }
  const [first, second] = found;
  if (first && !second) return first;
  if (second) {
    throw new ExpressionError(
      `The item was made from several items of "${target.name}", so it has no single one. Use $('${target.name}').first(), .last() or .all()[index]`,
    );
  }
  throw new ExpressionError(
    broken === null
      ? `No item of "${target.name}" leads to this item: the node is not on its way here. Use $('${target.name}').first() or .all()`
      : `The trail from this item back to "${target.name}" ends at "${broken}", which did not say what its items were made from. Use $('${target.name}').first() or .all(), or set pairedItem in "${broken}"`,
  );
}
