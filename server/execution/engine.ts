import type { ExecutionMode, ExecutionStatus } from "@/flow/execution/status";
import type { FrozenGraph } from "@/flow/graph/schema";
import type { Host } from "@/flow/interpreter/host";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { WebhookResponse } from "@/flow/node/context";

/** An execution about to be recorded. */
export interface NewExecution {
  /** `exec_…`, see `newExecutionId`. */
  id: string;
  organizationId: string;
  flowId: string;
  flowName: string;
  /** Null for a run of the draft, whose graph is then frozen into the execution. */
  flowVersion: number | null;
  /** With how much of it runs, where that is not all. */
  graph: FrozenGraph;
  mode: ExecutionMode;
  triggerNodeId: string;
  items: Item[];
  variables: JsonObject;
  createdById: string | null;
  retryOfId: string | null;
  /** The arrival that starts it. A second arrival with the same (trigger, dedupe key) starts nothing. */
  event: {
    id: string;
    triggerId: string | null;
    type: string;
    dedupeKey: string | null;
    /** It was kept while there was no room, and comes before what has arrived since. */
    kept?: true;
  };
}

export interface StartedExecution {
  /** That of the earlier execution when the arrival was a duplicate. */
  executionId: string;
  duplicate: boolean;
}

/** An execution as a worker holds it. */
export interface ClaimedExecution {
  id: string;
  organizationId: string;
  flowId: string;
  flowVersion: number | null;
  /** JSON of the frozen draft; null when `flowVersion` names the graph. */
  draftGraph: string | null;
  mode: ExecutionMode;
  triggerNodeId: string;
  items: Item[];
  variables: JsonObject;
}

/** Why an execution failed, and where. */
export interface ExecutionError {
  nodeId: string | null;
  nodeName: string | null;
  message: string;
}

export type RunResult =
  | { status: "succeeded" /** Key of the visit that comes last in n8n's order; null when nothing ran. */; lastKey: string | null }
  | { status: "failed"; error: ExecutionError };

/**
 * Interprets one execution over a host: loads its graph and gives nodes their services. The same for every engine.
 * Rejects only with what the host itself threw to leave (suspension, cancellation, a lost lease) or with a fault of ours.
 */
export type RunExecution = (execution: ClaimedExecution, host: Host, signal: AbortSignal) => Promise<RunResult>;

/** How an execution stands for whoever waits on it. */
export interface ExecutionOutcome {
  status: ExecutionStatus;
  error: ExecutionError | null;
  /** What a Respond to Webhook node answered. */
  response: WebhookResponse | null;
  /** First output of the last node; null until the execution has succeeded. */
  lastItems: Item[] | null;
}

/**
 * What runs executions durably. Services authorise and record intent; an engine claims, interprets, journals and recovers.
 * Implemented by `embedded/` (the app's own Postgres) and `inngest/`.
 */
export interface ExecutionEngine {
  readonly name: "embedded" | "inngest";
  /** Resolves once the arrival and the execution are durable: only then may anything be acknowledged. */
  start(execution: NewExecution): Promise<StartedExecution>;
  /** Idempotent. No new attempt starts afterwards; a running one gets its signal. Returns false for a terminal execution. */
  cancel(executionId: string): Promise<boolean>;
  /**
   * No step starts afterwards; those under way end and are recorded, then the execution is `paused`. Idempotent. Returns false
   * for a terminal execution.
   */
  pause(executionId: string): Promise<boolean>;
  /** Lets a paused execution go on, and takes a pause back that has not come about yet. Returns false when there was neither. */
  resume(executionId: string): Promise<boolean>;
  /**
   * Delivers an event to a wait, also one that is registered later. Consumed once: a second one with the same
   * correlation returns false.
   */
  signal(event: { organizationId: string; executionId: string; event: string; correlation: string; payload: Json }): Promise<boolean>;
  /**
   * Resolves once the execution has ended, or for `answer` as soon as a node answered; what it tells is durable.
   * Rejects with the signal's reason.
   */
  outcome(executionId: string, until: "answer" | "end", signal: AbortSignal): Promise<ExecutionOutcome>;
  /** Stops claiming, lets running steps journal, gives back what it holds. */
  stop(): Promise<void>;
}
