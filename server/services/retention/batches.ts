import type pg from "pg";
import type { ExecutionStatus } from "@/flow/execution/status";
import { eachGroup, groupsOf } from "../executions/filtered";

/** Rows that one batch may delete, so that it takes well under a second and nobody waits for it. */
const MOST_ROWS = 5_000;
const MOST_EXECUTIONS = 500;

/** For a batch's transaction: the oldest are found in the index's order. Not knowing what is old, the planner may sort all there is. */
export const IN_ORDER = "set local enable_bitmapscan = off; set local enable_seqscan = off";

export interface Doomed {
  organizationId: string;
  /** Terminal ones only: nothing under way is ever deleted. */
  status: readonly ExecutionStatus[];
  /** Of a flow that goes as a whole. */
  flowId?: string;
  /** Those that ended before it. */
  endedBefore: Date;
}

/**
 * Deletes executions whole, unless one that is kept took something over from them: journal, waits, signals, payloads, logs and the arrival that started each. The oldest first, as many
 * as fit into a batch.
 * @returns how many
 */
export async function deleteExecutions(client: pg.ClientBase, { endedBefore, status, ...filter }: Doomed): Promise<number> {
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  const before = place(endedBefore);
  // Nothing ends before it began: the index gives the range, and the few that ended later are passed over.
  const ranges = eachGroup(
    groupsOf(status),
    { ...filter, to: endedBefore },
    place,
    (condition) =>
      `select x.id, x.seq, x.created_at from execution x where ${condition} and x.finished_at < ${before}
         and (select r.from_id from execution_resumption r join execution c on c.id = r.execution_id where r.from_id = x.id limit 1) is null order by x.created_at limit ${MOST_EXECUTIONS}`,
  );
  const { rows } = await client.query<{ count: number }>(
    `with doomed as materialized (
       select id from (
         select e.id, row_number() over oldest as position, sum(e.seq + 5) over oldest as rows
         from ${ranges} window oldest as (order by e.created_at, e.id)
       ) sized where rows <= ${MOST_ROWS} or position = 1
     ),
     steps as (delete from execution_step where execution_id = any (array(select id from doomed))),
     waits as (delete from execution_wait where execution_id = any (array(select id from doomed))),
     signals as (delete from execution_signal where execution_id = any (array(select id from doomed))),
     payloads as (delete from payload where execution_id = any (array(select id from doomed))),
     resumptions as (delete from execution_resumption where execution_id = any (array(select id from doomed))),
     found as (delete from execution_search where execution_id = any (array(select id from doomed))),
     custom as (delete from execution_custom_data where execution_id = any (array(select id from doomed))),
     decisions as (delete from execution_decision where execution_id = any (array(select id from doomed))),
     logs as (delete from execution_log where execution_id = any (array(select id from doomed))),
     drafts as (delete from flow_storage where execution_id = any (array(select id from doomed))),
     arrivals as (delete from trigger_event where execution_id = any (array(select id from doomed))),
     gone as (delete from execution where id = any (array(select id from doomed)) returning 1)
     select count(*)::int as count from gone`,
    values,
  );
  return rows[0]?.count ?? 0;
}

/** Deletes log lines of before an instant. @returns how many */
export async function deleteLogs(client: pg.ClientBase, organizationId: string, before: Date): Promise<number> {
  const { rowCount } = await client.query(
    `delete from execution_log where id = any (array(
       select id from execution_log where organization_id = $1 and at < $2 order by at limit ${MOST_ROWS}))`,
    [organizationId, before],
  );
  return rowCount ?? 0;
}

/**
 * Deletes a flow that was deleted before an instant, with its versions, triggers, kept arrivals and storage, once no execution refers to it any more.
 * @returns whether it is gone
 */
export async function deleteFlowForGood(client: pg.ClientBase, flowId: string, deletedBefore: Date): Promise<boolean> {
  const { rowCount } = await client.query(
    `with gone as (
       delete from flow f where f.id = $1 and f.deleted_at < $2 and not exists (select 1 from execution x where x.flow_id = f.id) returning f.id
     ), arrivals as (delete from trigger_event using gone where flow_id = gone.id returning input_payload_id),
     storage as (delete from flow_storage using gone where flow_id = gone.id),
     payloads as (delete from payload using arrivals where payload.id = input_payload_id)
     select 1 from gone`,
    [flowId, deletedBefore],
  );
  return rowCount === 1;
}
