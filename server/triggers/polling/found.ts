import { createHash } from "node:crypto";
import { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { PollEvent, PollResult } from "@/flow/node/poll";

const MOST_EVENTS = 10_000;
const LONGEST_ID = 500;
const LARGEST_CURSOR = 1024 * 1024;
const LARGEST_BATCH = 64 * 1024 * 1024;
/** Longer ids are kept as their hash: they are columns of an index. */
const LONGEST_KEY = 200;

const eventSchema = z.object({
  id: z.string().min(1).max(LONGEST_ID),
  item: z.object({ json: z.record(z.string(), z.unknown()), binary: z.record(z.string(), z.unknown()).optional() }),
});

export interface Found {
  /** Oldest first, each id once. */
  events: PollEvent[];
  /** JSON text. */
  cursor: string;
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What a poll returned, checked. @throws FatalError that says what is wrong with it */
export function checkFound({ events, cursor }: PollResult): Found {
  if (events.length > MOST_EVENTS) {
    throw new FatalError(`${events.length} things are new; at most ${MOST_EVENTS} can be taken at once. Narrow down what is watched`);
  }
  const byId = new Map<string, PollEvent>();
  for (const event of events) {
    const { success, error } = eventSchema.safeParse(event);
    if (!success) throw new FatalError(`The trigger returned an event that is none: ${z.prettifyError(error)}`);
    const id = event.id.length > LONGEST_KEY || event.id.includes("\u0000") ? `sha256:${hash(event.id)}` : event.id;
    byId.set(id, { id, item: event.item });
  }
  const text = JSON.stringify(cursor ?? null);
  if (text.length > LARGEST_CURSOR) {
    throw new FatalError(`The trigger would have to remember ${text.length} bytes; at most ${LARGEST_CURSOR} are kept`);
  }
  return { events: [...byId.values()], cursor: text };
}

/** What is started by one execution. */
export interface Batch {
  /** Follows from the ids: the same events found again make the same key. */
  key: string;
  /** JSON text. */
  items: string;
}

/** Events as the executions that they start. @throws FatalError for one that brings too much */
export function batchesOf(events: readonly PollEvent[], each: "batch" | "event", generation: number): Batch[] {
  if (events.length === 0) return [];
  const groups = each === "event" ? events.map((event) => [event]) : [events];
  return groups.map((group) => {
    const items = JSON.stringify(group.map(({ item }): Item => ({ json: item.json, ...(item.binary && { binary: item.binary }) })));
    if (items.length > LARGEST_BATCH) {
      throw new FatalError(`What is new has ${items.length} bytes; one execution is started with ${LARGEST_BATCH} at most`);
    }
    const id = each === "event" ? (group[0] as PollEvent).id : `sha256:${hash(group.map((event) => event.id).join("\n"))}`;
    return { key: `poll:${generation}:${id}`, items };
  });
}
