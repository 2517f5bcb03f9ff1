import type { ExecutionMode } from "@/flow/execution/status";
import type { Graph } from "@/flow/graph/schema";
import type { Item, Json, JsonObject } from "@/flow/item";

/** An execution about to be recorded. */
export interface NewExecution {
  /** `exec_…`, see `newExecutionId`. */
  id: string;
  organizationId: string;
  flowId: string;
  flowName: string;
  /** Null for a run of the draft, whose graph is then frozen into the execution. */
  flowVersion: number | null;
  graph: Graph;
  mode: ExecutionMode;
  triggerNodeId: string;
  items: Item[];
  variables: JsonObject;
  createdById: string | null;
  retryOfId: string | null;
  /** The arrival that starts it. A second arrival with the same (trigger, dedupe key) starts nothing. */
  event: { id: string; triggerId: string | null; type: string; dedupeKey: string | null };
}

export interface StartedExecution {
  /** That of the earlier execution when the arrival was a duplicate. */
  executionId: string;
  duplicate: boolean;
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
   * Delivers an event to a wait, also one that is registered later. Consumed once: a second one with the same
   * correlation returns false.
   */
  signal(event: { organizationId: string; executionId: string; event: string; correlation: string; payload: Json }): Promise<boolean>;
  /** Stops claiming, lets running steps journal, gives back what it holds. */
  stop(): Promise<void>;
}
