import type { LiveEvent } from "@/flow/execution/events";
import type { ExecutionMode } from "@/flow/execution/status";
import type { ExecutionError } from "../engine";
import { storedText } from "./payloads";
import { HEAD_COLUMNS, type HeadRow, headOf, type NewStepRow, recordOf, TERMINAL } from "./rows";
import type { InngestRuntime } from "./runtime";

/** The execution that a run holds. */
export interface Held {
  id: string;
  organizationId: string;
  mode: ExecutionMode;
  /** See `runRefOf`. */
  runRef: string;
}

/**
 * Appends a row, its `seq` taken under the lock of the execution's row. `visit` rows tell how an attempt went, `wait` rows
 * that a wait ended.
 *
 * Answers null, and writes nothing, when the execution has ended, another run holds it, or the visit (or its wait) is already
 * decided: a duplicate of this step was quicker.
 */
export async function appendStep(runtime: InngestRuntime, held: Held, kind: "visit" | "wait", row: NewStepRow): Promise<number | null> {
  const { inline, payloadId, bytes } = storedText(row.output);
  const { rows } = await runtime.pool.query<{ seq: number | null }>({
    name: "inngest_append",
    text: `select inngest_append($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10::int[], $11, $12, $13, $14::bytea, $15,
      $16::timestamptz, $17::timestamptz, $18::timestamptz) as seq`,
    values: [
      held.id,
      held.runRef,
      kind === "visit",
      row.key,
      row.nodeId,
      row.runIndex,
      row.attempt,
      row.status,
      row.effect,
      row.counts ?? [],
      row.sources,
      inline,
      payloadId,
      bytes,
      row.error && JSON.stringify(row.error),
      row.wakeAt,
      row.startedAt,
      row.finishedAt,
    ],
  });
  const seq = rows[0]?.seq ?? null;
  if (seq !== null) publish(runtime, held, [{ type: "step", seq, step: recordOf(row, seq) }]);
  return seq;
}

export function publish(runtime: InngestRuntime, execution: Pick<Held, "id" | "organizationId" | "mode">, events: LiveEvent[]): void {
  runtime.bus.publish({ organizationId: execution.organizationId, executionId: execution.id, mode: execution.mode }, events);
}

/** Tells of a change of the execution's own line. */
export function publishHead(runtime: InngestRuntime, row: HeadRow): void {
  const execution = headOf(row);
  publish(runtime, { id: row.id, organizationId: row.organization_id, mode: row.mode }, [{ type: "execution", seq: row.seq, execution }]);
}

/** How an execution ends. */
export type Ending =
  | { status: "succeeded" /** Key of its last visit. */; lastKey: string | null }
  | { status: "failed"; error: ExecutionError }
  | { status: "cancelled" };

/**
 * Ends an execution; what it waited for goes with it. With `runRef` only that run may: another one that holds the execution, or
 * is to take it, goes on. False when it was not ended, by this call at least: a terminal status is never left.
 */
export async function finishExecution(
  runtime: InngestRuntime,
  executionId: string,
  ending: Ending,
  runRef: string | null = null,
): Promise<boolean> {
  const { rows } = await runtime.pool.query<HeadRow>({
    name: "inngest_finish",
    text: `with head as (
        update execution set status = $2, seq = seq + 1, error = $3, last_key = $4, finished_at = clock_timestamp(), wake_at = null,
          worker_id = null, started_at = case when $2 = 'cancelled' then started_at else coalesce(started_at, clock_timestamp()) end, cancel_requested = cancel_requested or $2 = 'cancelled'
        where id = $1 and engine = 'inngest' and status not in (${TERMINAL})
          and ($5::uuid is null or worker_id = $5::uuid or (worker_id is null and claim_no = 0)) returning ${HEAD_COLUMNS}
      ), waits as (
        delete from execution_wait where execution_id in (select id from head)
      ), signals as (
        delete from execution_signal where execution_id in (select id from head)
      )
      select * from head`,
    values: [
      executionId,
      ending.status,
      ending.status === "failed" ? JSON.stringify(ending.error) : null,
      ending.status === "succeeded" ? ending.lastKey : null,
      runRef,
    ],
  });
  const [row] = rows;
  if (row) {
    publishHead(runtime, row);
    runtime.ended?.();
  }
  return row !== undefined;
}

/** Queues an execution that a run holds for another run. Answers how many runs have had it, or null when it was not this one's. */
export async function releaseExecution(runtime: InngestRuntime, executionId: string, runRef: string): Promise<number | null> {
  const { rows } = await runtime.pool.query<{ claim_no: number }>({
    name: "inngest_release",
    text: `update execution set status = 'queued', worker_id = null, wake_at = null, queued_at = clock_timestamp()
      where id = $1 and worker_id = $2::uuid and status not in (${TERMINAL}) returning claim_no`,
    values: [executionId, runRef],
  });
  return rows[0]?.claim_no ?? null;
}

/** Shows an execution as running again, when it was shown as waiting. */
export async function markRunning(runtime: InngestRuntime, held: Held): Promise<void> {
  const { rows } = await runtime.pool.query<HeadRow>({
    name: "inngest_running",
    text: `update execution set status = 'running', wake_at = null
      where id = $1 and worker_id = $2::uuid and status = 'waiting' returning ${HEAD_COLUMNS}`,
    values: [held.id, held.runRef],
  });
  if (rows[0]) publishHead(runtime, rows[0]);
}

/**
 * Shows an execution as waiting, when all that is left of it waits. `seq` is the journal position that this was seen at:
 * where the journal has gone on, whoever took it on will see better.
 */
export async function markWaiting(runtime: InngestRuntime, held: Held, seq: number, wakeAt: Date | null): Promise<void> {
  const { rows } = await runtime.pool.query<HeadRow>({
    name: "inngest_waiting",
    text: `update execution set status = 'waiting', wake_at = $4
      where id = $1 and worker_id = $2::uuid and status = 'running' and seq = $3 returning ${HEAD_COLUMNS}`,
    values: [held.id, held.runRef, seq, wakeAt],
  });
  if (rows[0]) publishHead(runtime, rows[0]);
}
