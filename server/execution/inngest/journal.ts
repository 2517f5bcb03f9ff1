import type { LiveEvent } from "@/flow/execution/events";
import type { ExecutionMode } from "@/flow/execution/status";
import { cutOffError } from "../cut-off";
import type { ExecutionError } from "../engine";
import { LEAVE_EVENT } from "./events";
import { storedText } from "./payloads";
import { type BegunStepRow, HEAD_COLUMNS, type HeadRow, headOf, type NewStepRow, recordOf, TERMINAL } from "./rows";
import { type InngestRuntime, runningSteps } from "./runtime";

/** The execution that a run holds. */
export interface Held {
  id: string;
  organizationId: string;
  flowId: string;
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
  const seq = await appendRow(runtime.pool, held, kind, row);
  if (seq !== null) publish(runtime, held, [{ type: "step", seq, step: recordOf(row, seq) }]);
  return seq;
}

type Queryable = Pick<InngestRuntime["pool"], "query">;

async function appendRow(pool: Queryable, held: Held, kind: "visit" | "wait", row: NewStepRow): Promise<number | null> {
  const { inline, payloadId, bytes } = storedText(row.output);
  const { rows } = await pool.query<{ seq: number | null }>({
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
  return rows[0]?.seq ?? null;
}

export function publish(runtime: InngestRuntime, execution: Omit<Held, "runRef">, events: LiveEvent[]): void {
  const { id: executionId, organizationId, flowId, mode } = execution;
  runtime.bus.publish({ organizationId, flowId, executionId, mode }, events);
}

/** Tells of a change of the execution's own line. */
export function publishHead(runtime: InngestRuntime, row: HeadRow): void {
  const execution = headOf(row);
  const about = { id: row.id, organizationId: row.organization_id, flowId: row.flow_id, mode: row.mode };
  publish(runtime, about, [{ type: "execution", seq: row.seq, execution }]);
}

/** How an execution ends. */
export type Ending =
  | { status: "succeeded" /** Key of its last visit. */; lastKey: string | null }
  | { status: "failed" | "timed_out"; error: ExecutionError }
  | { status: "cancelled"; error?: ExecutionError };

type FinishedRow = HeadRow & { gate_key: string | null };

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
  return tellFinished(runtime, await finishRow(runtime.pool, executionId, ending, runRef));
}

/**
 * Ends an execution whose attempts run in this process: they are recorded as cut off, in the transaction that ends it. False when it
 * had ended.
 */
export async function cutOffExecution(runtime: InngestRuntime, executionId: string, ending: Ending): Promise<boolean> {
  const steps = [...runningSteps.values()].flatMap((step) => (step.executionId === executionId && step.attempt ? [step.attempt] : []));
  if (steps.length === 0) return finishExecution(runtime, executionId, ending);
  const client = await runtime.pool.connect();
  let broken = true;
  let finished: FinishedRow | undefined;
  try {
    await client.query("begin");
    for (const { held, row } of steps) await appendRow(client, held, "visit", cutOff(row));
    finished = await finishRow(client, executionId, ending, null);
    await client.query(finished ? "commit" : "rollback");
    broken = false;
  } finally {
    client.release(broken);
  }
  return tellFinished(runtime, finished);
}

const cutOff = (row: BegunStepRow): NewStepRow => ({
  ...row,
  status: "cancelled",
  counts: null,
  output: null,
  error: cutOffError(row.effect),
  wakeAt: null,
  finishedAt: new Date(),
});

function tellFinished(runtime: InngestRuntime, row: FinishedRow | undefined): boolean {
  if (row) {
    publishHead(runtime, row);
    runtime.ended?.();
    runtime.freed(row.gate_key);
  }
  return row !== undefined;
}

async function finishRow(pool: Queryable, executionId: string, ending: Ending, runRef: string | null): Promise<FinishedRow | undefined> {
  const { rows } = await pool.query<FinishedRow>({
    name: "inngest_finish",
    text: `with head as (
        update execution set status = $2, seq = seq + 1, error = $3, last_key = $4, finished_at = clock_timestamp(), wake_at = null,
          worker_id = null, paused_at = null, pause_requested = false, gated = false, started_at = case when $2 = 'cancelled' then started_at else coalesce(started_at, clock_timestamp()) end, cancel_requested = cancel_requested or $2 = 'cancelled'
        where id = $1 and engine = 'inngest' and status not in (${TERMINAL})
          and ($5::uuid is null or worker_id = $5::uuid or (worker_id is null and claim_no = 0)) returning ${HEAD_COLUMNS}, gate_key
      ), waits as (
        delete from execution_wait where execution_id in (select id from head)
      ), signals as (
        delete from execution_signal where execution_id in (select id from head)
      )
      select * from head`,
    values: [
      executionId,
      ending.status,
      "error" in ending && ending.error ? JSON.stringify(ending.error) : null,
      ending.status === "succeeded" ? ending.lastKey : null,
      runRef,
    ],
  });
  return rows[0];
}

/** Tells of executions as they are now. */
export async function publishHeads(runtime: InngestRuntime, executionIds: readonly string[]): Promise<void> {
  if (executionIds.length === 0) return;
  const { rows } = await runtime.pool.query<HeadRow>({
    name: "inngest_heads",
    text: `select ${HEAD_COLUMNS} from execution where id = any($1::text[])`,
    values: [executionIds],
  });
  for (const row of rows) publishHead(runtime, row);
}

/** What became of an execution that a run let go of. */
export interface Released {
  status: "queued" | "paused";
  /** How many runs have had it. */
  claimNo: number;
}

/**
 * Takes an execution from the run that holds it: for another run, or as a pause that was asked for. It keeps its room when the other
 * run is to follow at once, and queues for it otherwise. Null when it was not this run's.
 */
export async function releaseExecution(
  runtime: InngestRuntime,
  executionId: string,
  runRef: string,
  keepsRoom: boolean,
): Promise<Released | null> {
  const { rows } = await runtime.pool.query<HeadRow & { claim_no: number }>({
    name: "inngest_release",
    text: `update execution set status = case when pause_requested then 'paused' else 'queued' end, worker_id = null, wake_at = null,
        queued_at = clock_timestamp(), sent_at = case when $3 and not pause_requested then clock_timestamp() end,
        paused_at = case when pause_requested then clock_timestamp() end, pause_requested = false
      where id = $1 and worker_id = $2::uuid and status not in (${TERMINAL}) returning ${HEAD_COLUMNS}, claim_no`,
    values: [executionId, runRef, keepsRoom],
  });
  const [row] = rows;
  if (!row) return null;
  publishHead(runtime, row);
  if (row.status === "paused" || !keepsRoom) runtime.freed(null);
  return { status: row.status as Released["status"], claimNo: row.claim_no };
}

/**
 * Has an execution run again that was shown as waiting. False when its organization has no room for it: it then queues, and is no
 * longer this run's.
 */
export async function goOn(runtime: InngestRuntime, held: Held): Promise<boolean> {
  const { rows } = await runtime.pool.query<{ status: string | null }>({
    name: "inngest_go_on",
    text: "select inngest_go_on($1, $2::uuid) as status",
    values: [held.id, held.runRef],
  });
  const status = rows[0]?.status ?? null;
  if (status !== null) await publishHeads(runtime, [held.id]);
  if (status === "queued") runtime.freed(null);
  return status !== "queued";
}

/**
 * Shows an execution as waiting, when all that is left of it waits; or as paused, where that was asked for, and then it is no
 * longer this run's. `seq` is the journal position that this was seen at: where the journal has gone on, whoever took it on will
 * see better.
 */
export async function markWaiting(runtime: InngestRuntime, held: Held, seq: number, wakeAt: Date | null): Promise<void> {
  const { rows } = await runtime.pool.query<HeadRow & { claim_no: number }>({
    name: "inngest_waiting",
    text: `update execution set status = case when pause_requested then 'paused' else 'waiting' end,
        wake_at = case when pause_requested then null else $4::timestamptz end,
        worker_id = case when pause_requested then null else worker_id end, sent_at = null,
        paused_at = case when pause_requested then clock_timestamp() end, pause_requested = false
      where id = $1 and worker_id = $2::uuid and status = 'running' and seq = $3 returning ${HEAD_COLUMNS}, claim_no`,
    values: [held.id, held.runRef, seq, wakeAt],
  });
  const [row] = rows;
  if (!row) return;
  publishHead(runtime, row);
  runtime.freed(null);
  if (row.status === "paused") runtime.announce({ name: LEAVE_EVENT, data: { executionId: held.id, claimNo: row.claim_no - 1 } });
}
