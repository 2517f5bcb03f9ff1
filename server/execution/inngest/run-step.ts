import { isRetriable, toStepError } from "@/flow/execution/errors";
import type { Hint } from "@/flow/execution/events";
import { isTerminal } from "@/flow/execution/status";
import type { Attempt, StepOutput, StepRef, StepSummary } from "@/flow/interpreter/host";
import { delayAfter } from "@/flow/interpreter/retry";
import { refusesCalls } from "./calls";
import { appendStep, goOn, type Held, publish } from "./journal";
import type { NewStepRow } from "./rows";
import { type InngestRuntime, runningSteps } from "./runtime";
import { executionEnded, failedForGood, runFull, runReplaced, tryAgainAt } from "./step-errors";
import { openVisit, plannable, type VisitState } from "./visit";

/** What a step attempt is part of. */
export interface StepScope {
  runtime: InngestRuntime;
  held: Held;
  /** This call of the function is the last that Inngest makes for the step. */
  lastCall: boolean;
  /** Hears of rows that this call appended. */
  appended(seq: number): void;
  /** Tells a fault of ours (an output that could not be loaded) from a failure of the node; null when there was none. */
  takeFault(): Error | null;
}

const slotOf = (executionId: string, key: string): string => `${executionId} ${key}`;

type StepFunction = (attempt: Attempt) => Promise<StepOutput> | StepOutput;

/** Waits shorter than this are not worth another call by Inngest. */
const WORTH_A_CALL_MS = 2000;

/**
 * One try of a step, as Inngest calls for it: at least once. What the journal has as completed is not run again; a second call
 * for a step that runs in this process gets the result of the first. Where the run is full, nothing new is begun, nor where the process
 * stops: a call goes on from step to step, and would be cut off in the middle of one.
 */
export function runStep(scope: StepScope, step: StepRef, fn: StepFunction, isFull = false): Promise<StepSummary> {
  const executionId = scope.held.id;
  const slot = slotOf(executionId, step.key);
  const running = runningSteps.get(slot);
  if (running) return running.done as Promise<StepSummary>;
  if (refusesCalls()) return Promise.reject(tryAgainAt(`Step ${step.key} is another process's: this one stops`, new Date()));
  const controller = new AbortController();
  const done = attemptStep(scope, step, fn, controller.signal, isFull).finally(() => runningSteps.delete(slot));
  runningSteps.set(slot, { executionId, controller, done });
  return done;
}

async function attemptStep(scope: StepScope, step: StepRef, fn: StepFunction, signal: AbortSignal, isFull: boolean): Promise<StepSummary> {
  const { runtime, held } = scope;
  const visit = await openForRun(scope, step.key);
  if (visit.kind === "done") return visit.summary;
  if (visit.kind === "failed") throw failedForGood(visit.error);
  // A pause ends this run as well: what is under way is recorded, and another run goes on once it is over.
  if (isFull || visit.isPausing) throw runFull();
  if (visit.notBefore) await untilInstant(visit.notBefore, `Step ${step.key} waits for its next attempt`);

  const number = visit.failedAttempts + 1;
  const last = number >= step.retry.maxAttempts || scope.lastCall;
  const startedAt = new Date();
  const { key, nodeId, runIndex } = step;
  const row = { key, nodeId, runIndex, attempt: number, effect: step.effect, sources: JSON.stringify(step.sources), startedAt };
  const hint: Hint = { type: "hint", key, nodeId, runIndex, attempt: number, startedAt: startedAt.toISOString() };
  const running = runningSteps.get(slotOf(held.id, key));
  if (running) Object.assign(running, { hint, attempt: { held, row } });
  publish(runtime, held, [hint]);

  let output: StepOutput;
  let text: string;
  try {
    output = await fn({ number, last, signal });
    text = JSON.stringify(output);
  } catch (thrown) {
    const fault = scope.takeFault();
    if (fault) throw fault;
    // A node may abort itself (a time-out): only our own signal means that the execution is over.
    if (signal.aborted) throw executionEnded();
    const error = toStepError(thrown);
    const again = !last && isRetriable(error);
    const wakeAt = again ? new Date(Date.now() + delayAfter(thrown, step.retry, number)) : null;
    await append(scope, { ...row, status: "failed", counts: null, output: null, error, wakeAt, finishedAt: new Date() });
    throw wakeAt ? tryAgainAt(error.message, wakeAt) : failedForGood(error);
  }
  // It is no result: the same attempt runs again once the executions that it started have ended.
  if (output.suspend?.kind === "flows") return { counts: [], suspend: output.suspend };
  const { suspend, error = null } = output;
  const counts = output.outputs.map((items) => items.length);
  const wakeAt = suspend?.until === undefined ? null : new Date(suspend.until);
  const finishedAt = suspend ? null : new Date();
  const status = suspend ? ("waiting" as const) : ("succeeded" as const);
  await append(scope, { ...row, status, counts, output: text, error, wakeAt, finishedAt });
  const planned = plannable(suspend);
  return { counts, ...(planned && { suspend: planned }), ...(error && { error }) };
}

/** The journal's word on a visit that goes on now. @throws when this run may not go on with the execution. */
export async function openForRun({ runtime, held }: StepScope, key: string): Promise<VisitState & { isPausing: boolean }> {
  const { status, held: mine, isPausing, visit } = await openVisit(runtime.pool, held, key);
  if (isTerminal(status)) throw executionEnded();
  if (!mine || (status === "waiting" && !(await goOn(runtime, held)))) throw runReplaced();
  return { ...visit, isPausing };
}

/** Appends what an attempt gave. @throws when it no longer counts: the execution ended, or a duplicate was quicker. */
async function append(scope: StepScope, row: NewStepRow): Promise<void> {
  const seq = await appendStep(scope.runtime, scope.held, "visit", row);
  if (seq !== null) return scope.appended(seq);
  await openForRun(scope, row.key);
  // Decided by a duplicate of this call: asked again, the journal answers.
  throw tryAgainAt(`Step ${row.key} was completed by another call`, new Date());
}

/** Resolves at an instant, or asks Inngest to call again then: its own timers may fire up to a second early. */
export async function untilInstant(instant: Date, message: string): Promise<void> {
  const left = instant.getTime() - Date.now();
  if (left > WORTH_A_CALL_MS) throw tryAgainAt(message, instant);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}
