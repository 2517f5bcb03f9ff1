import { createHash } from "node:crypto";
import { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Item, Json } from "@/flow/item";
import type { PollResult } from "@/flow/node/poll";

/** Entries that are remembered: those of the list as it is, and the latest of those that have gone from it. */
const MOST_SEEN = 10_000;

/** One of a list that is polled as a whole. */
export interface Entry {
  /** What tells it from the others. */
  id: string;
  /** What of it is compared, where changes count. */
  content?: Json;
  item: Item;
}

export interface Comparison {
  /**
   * The list is the newest part of a longer one, oldest first here: what stands before all that is known has only moved up, because
   * something was deleted.
   */
  isSorted?: boolean;
  /** New entries are no events; changes of known ones are. */
  onlyChanges?: boolean;
  /** An entry that has gone and comes back is another one: a place in a table that has become shorter. */
  forgetsGone?: boolean;
}

/** By hash of the id, the latest last: nothing, or hash of the content and how often it has changed. */
const cursorSchema = z.object({
  /** How often something has gone, where that is forgotten: ids of before and after are not the same. */
  turn: z.number().optional(),
  seen: z.array(z.tuple([z.string()]).or(z.tuple([z.string(), z.string(), z.number()]))),
});
type Seen = z.infer<typeof cursorSchema>["seen"][number];

/** 66 bits: among ten thousand, two of which are the same are not to be expected. */
const hash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 11);

/**
 * What of a list is new since the last poll, or has changed: the list may have any order, lose entries and get them back.
 * @param entries in the order in which they are to be events, the oldest first where they have an order
 * @param cursor of this function; null: everything counts as seen
 */
export function newEntries(
  entries: readonly Entry[],
  cursor: Json | null,
  { isSorted = false, onlyChanges = false, forgetsGone = false }: Comparison = {},
): PollResult {
  if (entries.length > MOST_SEEN) {
    throw new FatalError(`The list has ${entries.length} entries; at most ${MOST_SEEN} are compared. Ask for fewer, the newest`);
  }
  const parsed = cursorSchema.safeParse(cursor);
  const seen = new Map<string, Seen>(parsed.success ? parsed.data.seen.map((each) => [each[0], each]) : []);
  const isFirst = !parsed.success;
  const turn = parsed.success ? (parsed.data.turn ?? 0) : 0;
  const events: { id: string; item: Item }[] = [];
  const present = new Set<string>();
  const firstSeen = isSorted ? entries.findIndex(({ id }) => seen.has(hash(id))) : -1;
  for (const [index, { id, content, item }] of entries.entries()) {
    const key = hash(id);
    if (present.has(key)) continue;
    present.add(key);
    const before = seen.get(key);
    const now = content === undefined ? undefined : hash(JSON.stringify(content));
    const hasChanged = before !== undefined && now !== undefined && before[1] !== undefined && before[1] !== now;
    const changes = (before?.[2] ?? 0) + (hasChanged ? 1 : 0);
    // A change back to what it was is a change: the count tells them apart.
    const isNew = before === undefined && index > firstSeen && !onlyChanges;
    if (!isFirst && (isNew || hasChanged))
      events.push({ id: `${id}${turn === 0 ? "" : `@${turn}`}${changes === 0 ? "" : `#${changes}`}`, item });
    seen.delete(key);
    seen.set(key, now === undefined ? [key] : [key, now, changes]);
  }
  if (!forgetsGone) return { events, cursor: { seen: [...seen.values()].slice(-MOST_SEEN) } };
  const kept = [...seen.values()].filter(([key]) => present.has(key));
  return { events, cursor: { seen: kept, turn: turn + (kept.length < seen.size ? 1 : 0) } };
}

/** The newest of a list, for a test. */
export const newestOf = (entries: readonly Entry[]): PollResult => {
  const last = entries.at(-1);
  return { events: last ? [{ id: last.id, item: last.item }] : [], cursor: null };
};
