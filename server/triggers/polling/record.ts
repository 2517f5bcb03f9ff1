import { newExecutionId } from "@/server/execution/ids";
import { sql } from "@/server/sql";
import { failureText } from "../failure-text";
import { type ClaimedPoll, FIRES } from "./claim";
import { batchesOf, type Found } from "./found";

export interface Polled extends Found {
  /** Hash of what was polled. */
  source: string;
  /** Nothing was seen of it before: what is there starts nothing. */
  isFirst: boolean;
  each: "batch" | "event";
  nextAt: Date | null;
}

const MOVE = `
update poll_state p set source = $3, generation = $4, cursor = $5, next_at = $6, polled_at = clock_timestamp(),
  failures = 0, error = null, failed_at = null, failing_since = null, lease_id = null, lease_until = null
from trigger t, flow f
where p.trigger_id = $1 and p.lease_id = $2 and t.id = p.trigger_id and f.id = t.flow_id and ${FIRES}`;

const NOTE = `
insert into poll_event (trigger_id, generation, event_id, organization_id)
select $1, $2, id, $3 from unnest($4::text[]) id on conflict do nothing returning event_id as id`;

const KEEP = `
insert into poll_batch (id, organization_id, trigger_id, dedupe_key, items)
select id, $2, $1, key, items from unnest($3::text[], $4::text[], $5::text[]) with ordinality as b (id, key, items, n) order by n`;

/**
 * Writes what a poll has found, and where the next one goes on, in one transaction: neither is ever there without the other. Found
 * things that are known already are left out.
 * @returns how many executions there are to start; null when the lease is lost, or the flow was switched off meanwhile: nothing was written
 */
export async function recordPoll(claim: ClaimedPoll, polled: Polled): Promise<number | null> {
  const { triggerId, organizationId, leaseId } = claim;
  const generation = polled.isFirst ? claim.generation + 1 : claim.generation;
  const client = await sql().connect();
  let broken = true;
  try {
    await client.query("begin");
    const { rowCount } = await client.query({
      name: "poll-move",
      text: MOVE,
      values: [triggerId, leaseId, polled.source, generation, polled.cursor, polled.nextAt],
    });
    if (rowCount === 0) {
      await client.query("rollback");
      broken = false;
      return null;
    }
    const { rows } = await client.query<{ id: string }>({
      name: "poll-note",
      text: NOTE,
      values: [triggerId, generation, organizationId, polled.events.map(({ id }) => id)],
    });
    const fresh = new Set(rows.map(({ id }) => id));
    const batches = polled.isFirst
      ? []
      : batchesOf(
          polled.events.filter(({ id }) => fresh.has(id)),
          polled.each,
          generation,
        );
    if (batches.length > 0) {
      await client.query({
        name: "poll-keep",
        text: KEEP,
        values: [triggerId, organizationId, batches.map(newExecutionId), batches.map(({ key }) => key), batches.map(({ items }) => items)],
      });
    }
    await client.query("commit");
    broken = false;
    return batches.length;
  } finally {
    // A connection in an unknown state is not given back; closing it ends the transaction.
    client.release(broken);
  }
}

/** Notes why a poll failed and when the next one is. The cursor stays. @returns whether the lease was still held */
export async function recordPollFailure(
  { triggerId, leaseId }: ClaimedPoll,
  { error, nextAt }: { error: string; nextAt: Date | null },
): Promise<boolean> {
  const { rowCount } = await sql().query({
    name: "poll-failed",
    text: `update poll_state set failures = failures + 1, error = $3, failed_at = clock_timestamp(), next_at = $4, lease_id = null, lease_until = null,
        failing_since = case when failures > 0 then coalesce(failing_since, failed_at, clock_timestamp()) else clock_timestamp() end
      where trigger_id = $1 and lease_id = $2`,
    values: [triggerId, leaseId, failureText(error), nextAt],
  });
  return rowCount === 1;
}
