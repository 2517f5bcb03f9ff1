import type { StepError } from "../execution/errors";
import type { FormEnding } from "../forms/form-page";
import type { RetryPolicy } from "../graph/schema";
import type { Json, Outputs } from "../item";
import type { ActionRun, Suspension, WebhookResponse } from "../node/context";
import type { Effect } from "../node/define-node";

/** Identity of one visit of a node: `nodeId#runIndex`. Stable across attempts, crashes and hosts. */
export type StepKey = string;
export const stepKey = (nodeId: string, runIndex: number): StepKey => `${nodeId}#${runIndex}`;

export interface StepRef {
  key: StepKey;
  nodeId: string;
  runIndex: number;
  effect: Effect;
  retry: RetryPolicy;
  /** Where each input handle's items came from, for history and replay; `null` for a handle without items. */
  sources: (StepSource | null)[];
}

/** Items of one output of an earlier step. A handle fed by several edges in one visit has several. */
export interface StepSource {
  key: StepKey;
  /** Index of the output handle. */
  output: number;
}

/** One try of a step. */
export interface Attempt {
  /** 1-based. */
  number: number;
  /** No further attempt follows when this one fails. */
  last: boolean;
  signal: AbortSignal;
}

/** What a step's function returns and a host journals. JSON all through. */
export interface StepOutput {
  outputs: Outputs;
  suspend?: Suspension;
  response?: WebhookResponse;
  /** The node failed and its `onError` says to go on: shown on the step, which counts as succeeded. */
  error?: StepError;
  /** The action that the node called, as it was then. */
  ran?: ActionRun;
  /** See `NodeResult.ending`. */
  ending?: FormEnding;
  /** The node did not run: these are its pinned items, or what it gave in an earlier execution. */
  given?: "pinned" | "earlier";
}

/**
 * What the interpreter plans with: sizes and decisions, never the items, so that a host may keep outputs elsewhere
 * (Inngest carries summaries only).
 */
export interface StepSummary {
  /** Number of items by output handle. */
  counts: number[];
  suspend?: Suspension;
  /** Set when the node failed and went on. */
  error?: StepError;
}

/** Thrown by `run` when a step has failed for good. */
export class StepFailedError extends Error {
  override name = "StepFailedError";
  constructor(
    readonly key: StepKey,
    readonly error: StepError,
  ) {
    super(error.message);
  }
}

/**
 * The port that gives durability to the interpreter. Between calls the interpreter awaits nothing else, reads no clock and
 * draws no random number: given the same graph and the same answers it makes the same calls.
 */
export interface Host {
  /**
   * Runs `fn` until it succeeds or the retry policy ends, and remembers the result by `step.key`: a later call with the
   * same key answers from the journal. At-least-once: a crash between the effect and the journal repeats the attempt.
   * An attempt that waits for executions of other flows is not remembered: see `waitForFlows`.
   * @throws StepFailedError when the last attempt failed; CancelledError when the execution was cancelled.
   */
  run(step: StepRef, fn: (attempt: Attempt) => Promise<StepOutput> | StepOutput): Promise<StepSummary>;
  /** Outputs of a completed step, as its function gave them. Only called inside a step's function. */
  outputs(key: StepKey): Outputs | Promise<Outputs>;
  /** `outputs` always answers at once; otherwise the interpreter fetches beforehand what a step may read. */
  readonly outputsInMemory: boolean;
  /** Resolves at `until`, never early. `step.key` is that of the visit; hosts journal it as the visit's waiting. */
  sleep(step: StepRef, until: Date): Promise<void>;
  /**
   * Resolves once the executions that an attempt started have ended. `run` has answered with a suspension of the kind `flows`, and
   * calls the function again, as the same attempt, when it is called after this.
   */
  waitForFlows(step: StepRef, wait: { attempt: number; started: number }): Promise<void>;
  /** Resolves with the payload of the first matching event, also one that came before the call, or null at `until`. */
  waitForEvent(step: StepRef, options: { event: string; correlation: string; until?: Date }): Promise<Json | null>;
}

/** Event of the signal that ends a wait for other executions. */
export const FLOWS_ENDED = "flows";

/** Names a wait for the executions that an attempt started: more of them make another wait. */
export const flowsWaitKey = (key: StepKey, { attempt, started }: { attempt: number; started: number }): string =>
  `${key}/flows/${attempt}/${started}`;

/** Under which the signal for such a wait is known. */
export const flowsCorrelation = (executionId: string, waitKey: string): string => `${executionId}:${waitKey}`;
