import type { ExecutionHead, Hint, LiveEvent, StepRecord } from "@/flow/execution/events";
import { type ExecutionMode, type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import type { StepRef } from "@/flow/interpreter/host";
import type { ExecutionError } from "../engine";
import type { LiveSink } from "./options";
import type { ClaimRow, EndVerdict, Entry, StepRow } from "./rows";

/** What does not change about an execution while it runs. */
export interface HeadBase {
  id: string;
  organizationId: string;
  flowId: string;
  flowVersion: number | null;
  mode: ExecutionMode;
  /** Milliseconds. */
  queuedAt: number;
  startedAt: number | null;
}

export const headOf = (row: ClaimRow): HeadBase => ({
  id: row.id,
  organizationId: row.organization_id,
  flowId: row.flow_id,
  flowVersion: row.flow_version,
  mode: row.mode as ExecutionMode,
  queuedAt: row.queued_at,
  startedAt: row.started_at,
});

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

const stepRecord = (row: StepRow): StepRecord => ({
  seq: row.seq,
  key: row.key,
  nodeId: row.nodeId,
  runIndex: row.runIndex,
  attempt: row.attempt,
  status: row.status,
  counts: row.counts,
  error: row.error,
  startedAt: iso(row.startedAt),
  finishedAt: iso(row.finishedAt),
  wakeAt: iso(row.wakeAt),
});

/** Says that an attempt has begun. */
export const hint = ({ key, nodeId, runIndex }: StepRef, attempt: number, startedAt: Date): Hint => ({
  type: "hint",
  key,
  nodeId,
  runIndex,
  attempt,
  startedAt: startedAt.toISOString(),
});

export interface HeadState {
  status: ExecutionStatus;
  seq: number;
  error: ExecutionError | null;
  finishedAt: Date | null;
}

const head = (base: HeadBase, state: HeadState): ExecutionHead => ({
  id: base.id,
  flowId: base.flowId,
  flowVersion: base.flowVersion,
  mode: base.mode,
  status: state.status,
  seq: state.seq,
  error: state.error,
  queuedAt: new Date(base.queuedAt).toISOString(),
  startedAt: base.startedAt === null ? null : new Date(base.startedAt).toISOString(),
  finishedAt: iso(state.finishedAt),
});

export const runningAt = (seq: number): HeadState => ({ status: "running", seq, error: null, finishedAt: null });

/** Why an execution ended as the database has it; a cancel may have come before what its run said. */
export const errorOf = ({ end }: Entry, verdict: EndVerdict | null): ExecutionError | null =>
  end?.error && (verdict?.status === "failed" || verdict?.status === "timed_out") ? (JSON.parse(end.error) as ExecutionError) : null;

/** Live events of what is durable, and hints of what is about to be. Events that nobody hears are not made. */
export class Live {
  constructor(private readonly sink: LiveSink) {}

  private publish(base: HeadBase, make: () => LiveEvent[]): void {
    if (!this.sink.isHeard(base.id)) return;
    this.sink.publish({ organizationId: base.organizationId, flowId: base.flowId, executionId: base.id, mode: base.mode }, make());
  }

  durable(base: HeadBase, steps: readonly StepRow[], state: HeadState | null): void {
    if (steps.length === 0 && !state) return;
    this.publish(base, () => {
      const events: LiveEvent[] = steps.map((row) => ({ type: "step", seq: row.seq, step: stepRecord(row) }));
      if (state) events.push({ type: "execution", seq: state.seq, execution: head(base, state) });
      return events;
    });
  }

  /** What one entry of the journal has changed. */
  entry(base: HeadBase, { start, steps, end }: Entry, verdict: EndVerdict | null, error: ExecutionError | null): void {
    if (!end || !verdict) {
      if (start) this.durable(base, [], runningAt(0));
      this.durable(base, steps, null);
      return;
    }
    const finishedAt = isTerminal(verdict.status) ? end.finishedAt : null;
    this.durable(base, steps, { status: verdict.status, seq: verdict.seq, error, finishedAt });
  }

  attempt(base: HeadBase, step: StepRef, attempt: number, startedAt: Date): void {
    this.publish(base, () => [hint(step, attempt, startedAt)]);
  }
}
