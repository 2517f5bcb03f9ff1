import type { LiveEvent } from "@/flow/execution/events";

/** Bytes of one message's data; Ably refuses messages over 64 KiB. */
const MOST_BYTES = 60 * 1024;

/** Hints that a later event of the same visit makes pointless. */
function withoutStaleHints(events: readonly LiveEvent[]): LiveEvent[] {
  const later = new Set<string>();
  const kept: LiveEvent[] = [];
  for (const event of events.toReversed()) {
    if (event.type === "hint" && later.has(event.key)) continue;
    if (event.type === "hint") later.add(event.key);
    if (event.type === "step") later.add(event.step.key);
    kept.push(event);
  }
  return kept.reverse();
}

/**
 * Live events as the data of messages, in order: JSON arrays of at most `mostBytes` bytes. An event that is larger by itself is
 * left out; the browser notices the gap and asks for the row.
 */
export function toMessages(events: readonly LiveEvent[], mostBytes = MOST_BYTES): string[] {
  const messages: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const event of withoutStaleHints(events)) {
    const json = JSON.stringify(event);
    // One more for the comma or bracket before it.
    const bytes = Buffer.byteLength(json) + 1;
    if (bytes + 1 > mostBytes) continue;
    if (size + bytes > mostBytes) {
      messages.push([]);
      size = 1;
    }
    messages.at(-1)?.push(json);
    size += bytes;
  }
  return messages.map((parts) => `[${parts.join(",")}]`);
}
