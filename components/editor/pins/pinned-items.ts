import { type GraphNode, MAX_PINNED_BYTES, type PinnedItem } from "@/flow/graph/schema";
import type { Item, Json, JsonObject } from "@/flow/item";
import { inputHandles, outputHandles } from "@/flow/node/define-node";
import type { DefinitionLookup } from "../definitions";
import { formatCount } from "../format";

const MOST_ITEMS = 10_000;
const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Pinned data is that of one output: a node that chooses between several cannot be pinned, nor one that gives nothing. */
export function canPin(node: GraphNode, definitionOf: DefinitionLookup): boolean {
  const definition = definitionOf(node.type);
  if (!definition) return true;
  const regular = outputHandles(definition, { parameters: node.parameters });
  return regular.length === 1 && (definition.trigger !== undefined || inputHandles(definition, node.parameters).length > 0);
}

/** Why there are too many of them, or null. */
function tooMuch(pinned: readonly PinnedItem[]): string | null {
  if (pinned.length > MOST_ITEMS) return `${formatCount(pinned.length, "item")} are too many to pin: ${MOST_ITEMS} at most`;
  const bytes = new TextEncoder().encode(JSON.stringify(pinned)).length;
  return bytes > MAX_PINNED_BYTES ? `${(bytes / 1024 / 1024).toFixed(1)} MB are too much to pin: 1 MB at most` : null;
}

export type Pins =
  | { pinned: PinnedItem[] /** Files that stay behind, as they are kept elsewhere. */; filesLeft: number }
  | { error: string };

/** Items of a run as they can be pinned: a file comes along when its content is part of the item. */
export function pinsOf(items: readonly Item[]): Pins {
  let filesLeft = 0;
  const pinned = items.map(({ json, binary }): PinnedItem => {
    const kept: NonNullable<PinnedItem["binary"]> = {};
    for (const [name, { id: _, data, ...file }] of Object.entries(binary ?? {})) {
      if (data === undefined) filesLeft++;
      else kept[name] = { ...file, data };
    }
    return { json, ...(Object.keys(kept).length > 0 && { binary: kept }) };
  });
  const error = tooMuch(pinned);
  return error === null ? { pinned, filesLeft } : { error };
}

/** What is pinned as a person edits it: the bare JSON of each item; files are kept apart. */
export const pinnedText = (pinned: readonly PinnedItem[]): string =>
  JSON.stringify(
    pinned.map(({ json }) => json),
    null,
    2,
  );

/** Items from what was written. One object is one item; the files of the items that were there before stay with their places. */
export function readPinnedText(text: string, before: readonly PinnedItem[] = []): Pins {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return { error: `Not JSON yet: ${error instanceof Error ? error.message : "unexpected text"}` };
  }
  const entries = Array.isArray(value) ? value : [value];
  const wrong = entries.findIndex((entry) => !isObject(entry));
  if (wrong >= 0) return { error: Array.isArray(value) ? `Element ${wrong + 1} is no object` : "Give an object, or a list of objects" };
  const pinned = entries.filter(isObject).map((json, index): PinnedItem => {
    const binary = before[index]?.binary;
    return { json, ...(binary && { binary }) };
  });
  const error = tooMuch(pinned);
  return error === null ? { pinned, filesLeft: 0 } : { error };
}
