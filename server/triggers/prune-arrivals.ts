import type pg from "pg";

/** Days for which a kept arrival can be replayed; one to a test URL goes sooner. */
export const KEEP_ARRIVALS_DAYS = 30;
const KEEP_TESTS_DAYS = 7;
/** Days for which a wait registered later still finds an event. */
export const KEEP_EVENTS_DAYS = 7;
/** Days for which something that a poll has found is known again. */
export const KEEP_POLLED_DAYS = 90;

const BATCH = 1_000;

const STATEMENTS: readonly { text: string; values: unknown[] }[] = [
  {
    text: `with old as (
        delete from trigger_event where id in (
          select id from trigger_event where execution_id is null and (
            (held_for = 'test' and received_at < now() - make_interval(days => $2))
            or (held_for is not null and received_at < now() - make_interval(days => $1)))
          limit ${BATCH})
        returning input_payload_id)
      delete from payload where id in (select input_payload_id from old)`,
    values: [KEEP_ARRIVALS_DAYS, KEEP_TESTS_DAYS],
  },
  {
    text: `with old as (
        delete from named_event where id in (
          select id from named_event where dispatched_at is not null and received_at < now() - make_interval(days => $1) limit ${BATCH})
        returning id)
      delete from named_event_delivery where event_id in (select id from old)`,
    values: [KEEP_EVENTS_DAYS],
  },
  {
    text: `delete from execution_link where child_id in (
        select l.child_id from execution_link l where l.created_at < now() - interval '1 day'
          and not exists (select 1 from execution e where e.id in (l.child_id, l.parent_id)) limit ${BATCH})`,
    values: [],
  },
  {
    // What was to resume an execution, and never started.
    text: `delete from execution_resumption where execution_id in (
        select r.execution_id from execution_resumption r where r.created_at < now() - interval '1 day'
          and not exists (select 1 from execution e where e.id = r.execution_id) limit ${BATCH})`,
    values: [],
  },
  {
    text: `delete from poll_event where (trigger_id, generation, event_id) in (
        select trigger_id, generation, event_id from poll_event where found_at < now() - make_interval(days => $1) limit ${BATCH})`,
    values: [KEEP_POLLED_DAYS],
  },
  {
    // Of a poll that came to nothing; what is kept with an arrival is there as long as that.
    text: `delete from payload where id in (
        select id from payload where id like 'poll\\_%' and execution_id is null and created_at < now() - make_interval(days => $1) limit ${BATCH})`,
    values: [KEEP_ARRIVALS_DAYS + 1],
  },
];

/** Deletes arrivals, events, what polls have found and links that are older than they are kept for, a batch of each. */
export async function pruneArrivals(pool: pg.Pool): Promise<void> {
  for (const statement of STATEMENTS) await pool.query(statement);
}
