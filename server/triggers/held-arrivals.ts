import type { z } from "zod";
import { executionModeSchema } from "@/flow/execution/status";
import type { Item, JsonObject } from "@/flow/item";
import { newPayloadId, newTriggerEventId } from "../execution/ids";
import { sql } from "../sql";
import type { HeldFor } from "./webhook-registry";

/** Arrivals that one trigger keeps: beyond them senders are told to come back, as theirs is the only copy then. */
export const MOST_HELD = 1_000;
/** Of those that wait for room, which goes by itself. */
const MOST_BUSY = 5_000;
const MOST_HELD_BYTES = 256 * 1024 * 1024;
/** Calls of a test URL: the latest ones. */
export const MOST_TESTS = 10;
/** Larger ones go to the payload store. */
const INLINE_BYTES = 64 * 1024;

/** What arrivals come by. */
export const arrivalTypeSchema = executionModeSchema.extract(["webhook", "form", "chat", "event", "poll", "schedule", "api"]);
export type ArrivalType = z.infer<typeof arrivalTypeSchema>;

export interface NewArrival {
  organizationId: string;
  flowId: string;
  triggerId: string;
  /** Kind of the trigger; webhook by default. */
  type?: ArrivalType;
  heldFor: HeldFor;
  /** The sender's name of the delivery; the same one again is kept once. */
  dedupeKey: string | null;
  items: Item[];
  /** Flow variables that it gave. */
  variables?: JsonObject;
}

/** How an execution came to be that a kept arrival of a type starts. */
export const modeOfArrival = (type: string): ArrivalType => arrivalTypeSchema.options.find((mode) => mode === type) ?? "webhook";

/** A key of its own, so that a delivery that comes again once the flow is on starts what it should. */
const heldKey = (key: string | null): string | null => (key === null ? null : `held:${key}`);
export const originalKey = (key: string | null): string | null => key?.replace(/^held:/, "") ?? null;

const KEEP = `
with room as (
  select count(*) as held, coalesce(sum(input_bytes), 0) as bytes from trigger_event
  where trigger_id = $4 and held_for is not null and held_for <> 'test' and replayed_as is null
), kept as (
  insert into trigger_event (id, organization_id, flow_id, trigger_id, type, dedupe_key, held_for, input, input_payload_id, input_bytes, variables)
  select $1, $2, $3, $4, $13, $5, $6, $7, $8, $10::int, $14 from room
  where $6 = 'test' or (room.held < $11 and room.bytes + $10::int <= $12)
  on conflict do nothing returning id
), stored as (
  insert into payload (id, organization_id, content_type, size, bytes)
  select $8, $2, 'application/json', $10::int, $9::bytea from kept where $8::text is not null
)
select (select id from kept) as id,
  (select e.id from trigger_event e where e.organization_id = $2 and e.trigger_id = $4 and e.dedupe_key = $5) as earlier`;

/**
 * Keeps an arrival that starts nothing now, with all that it brought. Once this resolves it is durable.
 * @returns its id, or that of the same delivery kept before; null when the trigger keeps as much as it may
 */
export async function keepArrival({ items, heldFor, ...arrival }: NewArrival): Promise<string | null> {
  const text = JSON.stringify(items);
  const size = Buffer.byteLength(text);
  const isInline = size <= INLINE_BYTES;
  const { rows } = await sql().query<{ id: string | null; earlier: string | null }>({
    name: "arrival-keep",
    text: KEEP,
    values: [
      newTriggerEventId(),
      arrival.organizationId,
      arrival.flowId,
      arrival.triggerId,
      heldKey(arrival.dedupeKey),
      heldFor,
      isInline ? text : null,
      isInline ? null : newPayloadId(),
      isInline ? null : Buffer.from(text, "utf8"),
      size,
      heldFor === "busy" ? MOST_BUSY : MOST_HELD,
      MOST_HELD_BYTES,
      arrival.type ?? "webhook",
      arrival.variables ? JSON.stringify(arrival.variables) : null,
    ],
  });
  if (heldFor === "test") await dropOldTests(arrival.triggerId);
  return rows[0]?.id ?? rows[0]?.earlier ?? null;
}

async function dropOldTests(triggerId: string): Promise<void> {
  await sql().query({
    name: "arrival-tests",
    text: `with dropped as (
             delete from trigger_event where id in (
               select id from trigger_event where trigger_id = $1 and held_for = 'test' order by received_at desc, id desc offset $2)
             returning input_payload_id)
           delete from payload where id in (select input_payload_id from dropped)`,
    values: [triggerId, MOST_TESTS],
  });
}
