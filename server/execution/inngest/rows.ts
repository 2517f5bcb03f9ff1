import type { StepError } from "@/flow/execution/errors";
import type { ExecutionHead, StepRecord } from "@/flow/execution/events";
import { stepErrorSchema } from "@/flow/execution/events";
import type { StepStatus } from "@/flow/execution/status";
import type { Effect } from "@/flow/node/define-node";
import type { ExecutionError } from "../engine";

/** Columns of `execution` that its head is made of. */
export interface HeadRow {
  id: string;
  organization_id: string;
  flow_id: string;
  flow_version: number | null;
  mode: ExecutionHead["mode"];
  status: ExecutionHead["status"];
  seq: number;
  error: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export const HEAD_COLUMNS = "id, organization_id, flow_id, flow_version, mode, status, seq, error, created_at, started_at, finished_at";

/** SQL list of the statuses that are never left. */
export const TERMINAL = "'succeeded', 'failed', 'cancelled', 'timed_out'";

export function executionErrorOf(text: string | null): ExecutionError | null {
  if (text === null) return null;
  const { nodeId = null, nodeName = null, message } = JSON.parse(text) as Partial<ExecutionError> & { message: string };
  return { nodeId, nodeName, message };
}

export const headOf = (row: HeadRow): ExecutionHead => ({
  id: row.id,
  flowId: row.flow_id,
  flowVersion: row.flow_version,
  mode: row.mode,
  status: row.status,
  seq: row.seq,
  error: executionErrorOf(row.error),
  queuedAt: row.created_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  finishedAt: row.finished_at?.toISOString() ?? null,
});

/** What a journal row says of an attempt from its begin. */
export interface BegunStepRow {
  key: string;
  nodeId: string;
  runIndex: number;
  attempt: number;
  effect: Effect;
  sources: string | null;
  startedAt: Date | null;
}

/** A journal row about to be appended; its `seq` is taken while it is. */
export interface NewStepRow extends BegunStepRow {
  status: StepStatus;
  counts: number[] | null;
  /** JSON text of a `StepOutput`, or of what ended a wait. */
  output: string | null;
  error: StepError | null;
  wakeAt: Date | null;
  finishedAt: Date | null;
}

export const recordOf = (row: NewStepRow, seq: number): StepRecord => ({
  seq,
  key: row.key,
  nodeId: row.nodeId,
  runIndex: row.runIndex,
  attempt: row.attempt,
  status: row.status,
  counts: row.counts,
  error: row.error,
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
  wakeAt: row.wakeAt?.toISOString() ?? null,
});

export const stepErrorOf = (text: string | null): StepError | null => (text === null ? null : stepErrorSchema.parse(JSON.parse(text)));
