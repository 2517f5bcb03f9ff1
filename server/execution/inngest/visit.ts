import type { Pool } from "pg";
import type { StepError } from "@/flow/execution/errors";
import type { ExecutionStatus } from "@/flow/execution/status";
import type { StepOutput, StepSummary } from "@/flow/interpreter/host";
import type { Json, Outputs } from "@/flow/item";
import type { Suspension } from "@/flow/node/context";
import type { Held } from "./journal";
import { readText } from "./payloads";
import { stepErrorOf } from "./rows";

/** What the journal knows of a visit. */
export type VisitState =
  /** Completed: its function must not run again. */
  | {
      kind: "done";
      summary: StepSummary;
      attempt: number /** Set once its wait, if it had one, is over. */;
      waited: { payload: Json | null } | null;
    }
  | { kind: "failed"; error: StepError }
  /** To be tried, not before `notBefore`. */
  | { kind: "open"; failedAttempts: number; notBefore: Date | null };

export interface OpenedVisit {
  status: ExecutionStatus;
  /** Whether the asking run is the one that holds the execution. */
  held: boolean;
  /** No further step may begin. */
  isPausing: boolean;
  visit: VisitState;
}

interface StepRow {
  step_status: string | null;
  attempt: number;
  counts: number[];
  error: string | null;
  wake_at: Date | null;
  output: string | null;
  payload_id: string | null;
}

type Row = StepRow & { status: ExecutionStatus; worker_id: string | null; pause_requested: boolean };

/** Asks the journal about a visit and its execution. */
export async function openVisit(pool: Pool, held: Held, key: string): Promise<OpenedVisit> {
  const { rows } = await pool.query<Row>({
    name: "inngest_visit",
    text: `select e.status, e.worker_id, e.pause_requested, s.status as step_status, s.attempt, s.counts, s.error, s.wake_at, s.output, s.payload_id
      from execution e left join execution_step s on s.execution_id = e.id and s.key = $2 where e.id = $1 order by s.seq`,
    values: [held.id, key],
  });
  const [first] = rows;
  if (!first) throw new Error(`Execution ${held.id} is no longer recorded`);
  const steps = rows.filter((row) => row.step_status !== null);
  return {
    status: first.status,
    held: first.worker_id === held.runRef,
    isPausing: first.pause_requested,
    visit: await stateOf(pool, steps),
  };
}

async function stateOf(pool: Pool, rows: StepRow[]): Promise<VisitState> {
  const done = rows.find((row) => row.step_status === "waiting" || row.step_status === "succeeded");
  if (done) {
    const waits = done.step_status === "waiting";
    const ended = waits ? rows.find((row) => row.step_status === "succeeded") : undefined;
    const suspend = waits ? plannable((await read<StepOutput>(pool, done)).suspend) : undefined;
    const error = stepErrorOf(done.error);
    return {
      kind: "done",
      summary: { counts: done.counts, ...(suspend && { suspend }), ...(error && { error }) },
      attempt: done.attempt,
      waited: ended ? await read<{ payload: Json | null }>(pool, ended) : null,
    };
  }
  const failures = rows.filter((row) => row.step_status === "failed");
  const last = failures.at(-1);
  if (last && last.wake_at === null)
    return { kind: "failed", error: stepErrorOf(last.error) ?? { name: "Error", message: "The step failed" } };
  return { kind: "open", failedAttempts: last?.attempt ?? 0, notBefore: last?.wake_at ?? null };
}

/** A suspension as far as the interpreter plans with it: its message or page is for people, and stays in the journal. */
export function plannable(suspend: Suspension | undefined): Suspension | undefined {
  if (suspend?.kind !== "event" || suspend.event !== "resume") return suspend;
  if (suspend.form === "form") {
    const { page: _, ...rest } = suspend;
    return rest;
  }
  const { message: _, ...rest } = suspend;
  return rest;
}

/**
 * What was decided up to a journal position, by key. A run that takes an execution up in the middle answers these without
 * steps of its own; the position stays the same for all calls of a run, so that each makes the same steps.
 */
export async function readDecided(pool: Pool, executionId: string, seq: number): Promise<ReadonlyMap<string, VisitState>> {
  if (seq === 0) return new Map();
  const { rows } = await pool.query<StepRow & { key: string }>({
    name: "inngest_decided",
    text: `select s.key, s.status as step_status, s.attempt, s.counts, s.error, s.wake_at, case when w.key is not null then s.output end as output,
        case when w.key is not null then s.payload_id end as payload_id
      from execution_step s
      left join execution_step w on w.execution_id = s.execution_id and w.key = s.key and w.status = 'waiting'
      where s.execution_id = $1 and s.seq <= $2 order by s.seq`,
    values: [executionId, seq],
  });
  const byKey = new Map<string, StepRow[]>();
  for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  return new Map(await Promise.all([...byKey].map(async ([key, steps]) => [key, await stateOf(pool, steps)] as const)));
}

async function read<T>(pool: Pool, row: { output: string | null; payload_id: string | null }): Promise<T> {
  const text = await readText(pool, row.output, row.payload_id);
  if (text === null) throw new Error("A step's output is missing from the payload store");
  return JSON.parse(text) as T;
}

/** What a completed visit gave, before its wait if it had one. */
export async function readStepOutput(pool: Pool, executionId: string, key: string): Promise<StepOutput> {
  const { rows } = await pool.query<{ output: string | null; payload_id: string | null }>({
    name: "inngest_output",
    text: `select output, payload_id from execution_step
      where execution_id = $1 and key = $2 and status in ('waiting', 'succeeded') order by seq limit 1`,
    values: [executionId, key],
  });
  if (!rows[0]) throw new Error(`The journal of ${executionId} has no output of ${key}`);
  return read<StepOutput>(pool, rows[0]);
}

export const readOutputs = async (pool: Pool, executionId: string, key: string): Promise<Outputs> =>
  (await readStepOutput(pool, executionId, key)).outputs;
