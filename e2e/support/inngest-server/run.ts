import type { Scope } from "./expressions";
import { FUNCTION_STEP_ID, type InngestEvent, type Op, RESULT_OPS, type SerializedError, type StepValue, ulid } from "./protocol";
import type { ServedFunction } from "./registry";

export type RunStatus = "Running" | "Completed" | "Failed" | "Cancelled";

/** Bytes of a value as JSON. */
export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? "");

/** One call of the app for a run, as tests look at it. */
export interface CallRecord {
  stepId: string;
  attempt: number;
  at: number;
  /** Milliseconds; undefined while under way. */
  ms?: number;
  /** HTTP status, or the error's code. */
  status?: number | string;
  dropped?: boolean;
}

export interface StepRecord {
  id: string;
  name: string;
  op: string;
  attempts: number;
}

/** A wait that an event can end. */
export interface EventWait {
  stepId: string;
  event: string;
  matches(scope: Scope): boolean;
  race: boolean;
  timer?: NodeJS.Timeout;
}

/** Who invoked a run, and as which of its steps. */
export interface Parent {
  run: Run;
  stepId: string;
  race: boolean;
}

/** State of one function run. Kept in memory: the stand-in is not durable. */
export class Run {
  readonly id = ulid();
  readonly startedAt = Date.now();
  status: RunStatus = "Running";
  endedAt?: number;
  output?: unknown;
  error?: SerializedError;
  /** Memoised results by hashed step id, and the order in which they came. */
  readonly steps: Record<string, StepValue> = {};
  readonly stack: string[] = [];
  /** Bytes of JSON in `steps`. */
  size = 0;
  /** Planned and without a result. */
  readonly pending = new Set<string>();
  /** Ever planned: a step that two racing answers plan is queued once. */
  readonly planned = new Set<string>();
  /** After a parallel plan the SDK may not run steps inline. */
  planOnly = false;
  /** Version of the protocol that the SDK answered with. */
  version = -1;
  readonly waits = new Set<EventWait>();
  readonly timers = new Set<NodeJS.Timeout>();
  readonly calls: CallRecord[] = [];
  readonly records = new Map<string, StepRecord>();

  constructor(
    /** Older runs are served first. */
    readonly order: number,
    readonly served: ServedFunction,
    readonly event: InngestEvent,
    /** Of the event, as the server names it. */
    readonly eventId: string,
    public parent: Parent | undefined,
  ) {}

  get running(): boolean {
    return this.status === "Running";
  }

  /** Memoises a result; false when the step had one already. */
  save(stepId: string, value: StepValue): boolean {
    if (stepId in this.steps) return false;
    this.steps[stepId] = value;
    this.size += sizeOf(value);
    this.stack.push(stepId);
    this.pending.delete(stepId);
    this.planned.add(stepId);
    return true;
  }

  /** Keeps what tests ask about a step. */
  note(op: Op, attempt: number): void {
    if (op.id === FUNCTION_STEP_ID) return;
    const record = this.records.get(op.id) ?? { id: op.id, name: op.displayName ?? op.name ?? op.id, op: op.op, attempts: 0 };
    record.op = op.op;
    if (RESULT_OPS.has(op.op)) record.attempts = Math.max(record.attempts, attempt + 1);
    this.records.set(op.id, record);
  }

  /** Calls back after `ms`, unless the run has ended by then. */
  after(ms: number, callback: () => void): NodeJS.Timeout {
    const longest = 2 ** 31 - 1;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        if (!this.running) return;
        if (ms > longest) this.after(ms - longest, callback);
        else callback();
      },
      Math.min(ms, longest),
    );
    this.timers.add(timer);
    return timer;
  }

  clear(timer: NodeJS.Timeout | undefined): void {
    if (!timer) return;
    clearTimeout(timer);
    this.timers.delete(timer);
  }

  end(status: Exclude<RunStatus, "Running">, result: { output?: unknown; error?: SerializedError }): void {
    this.status = status;
    this.output = result.output;
    this.error = result.error;
    this.endedAt = Date.now();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.waits.clear();
  }

  /** What the test controls answer. */
  view() {
    return {
      id: this.id,
      fn: this.served.id,
      status: this.status,
      event: this.event,
      calls: this.calls,
      steps: [...this.records.values()].map((record) => ({
        ...record,
        done: record.id in this.steps,
        value: this.steps[record.id] ?? null,
      })),
      output: this.output,
      error: this.error,
      startedAt: this.startedAt,
      endedAt: this.endedAt,
    };
  }
}

export type RunView = ReturnType<Run["view"]>;
