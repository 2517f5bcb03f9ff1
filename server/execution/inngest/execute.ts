import { NonRetriableError } from "inngest";
import { CancelledError, isCancelled } from "@/flow/execution/errors";
import type { ExecutionError, RunResult } from "../engine";
import { claimExecution } from "./claim";
import { executeEventOf } from "./events";
import { createInngestHost, type StepTools } from "./host";
import { finishExecution, type Held, markWaiting, releaseExecution } from "./journal";
import { runRefOf } from "./run-ref";
import { abortRunningSteps, inngestRuntime } from "./runtime";
import { RunFullError, RunReplacedError, StepUnavailableError } from "./step-errors";

export interface ExecuteFlowCall {
  executionId: string;
  /** Of the Inngest run. */
  runId: string;
  step: StepTools;
  /** 0-based count of this call among those for the same step. */
  attempt: number;
  /** How many there are at most. */
  maxAttempts: number;
  /** Has a function called once this call is answered. */
  afterwards(callback: () => Promise<void>): void;
}

export interface ExecuteFlowResult {
  executionId: string;
  status: "succeeded" | "cancelled" | "skipped" | "continued";
  reason?: string;
}

/**
 * The body of the function `execute-flow`: interprets an execution over the steps of its Inngest run.
 * @throws NonRetriableError when the execution failed: Inngest shows the run as failed, and does not try it again.
 */
export async function executeFlow(call: ExecuteFlowCall): Promise<ExecuteFlowResult> {
  const { executionId, runId, step, attempt, maxAttempts } = call;
  const runtime = inngestRuntime();
  const claim = await claimExecution(runtime, executionId, runId);
  if (claim.kind === "refused") {
    runtime.logger.info({ executionId, runId, reason: claim.reason }, "an Inngest run has nothing to do");
    return { executionId, status: "skipped", reason: claim.reason };
  }
  const { held, execution, graph, seq, decided } = claim;
  const host = createInngestHost({ runtime, held, seq, decided, graph, step, lastCall: attempt + 1 >= maxAttempts });
  call.afterwards(async () => {
    const standing = host.standing();
    if (standing.waits) await markWaiting(runtime, held, standing.seq, standing.wakeAt);
  });
  // Steps have signals of their own: most calls of this function are given up half-way, and nothing would ever clean up after them.
  const signal = new AbortController().signal;
  let result: RunResult;
  try {
    result = await runtime.run(execution, host, signal);
  } catch (thrown) {
    if (isCancelled(thrown)) return { executionId, status: "cancelled" };
    if (thrown instanceof RunReplacedError) return { executionId, status: "skipped", reason: thrown.message };
    if (thrown instanceof RunFullError) return handOver(held, execution.flowId);
    if (thrown instanceof StepUnavailableError) return fail(held, { nodeId: null, nodeName: null, message: thrown.message });
    throw thrown;
  }
  if (result.status === "failed") return fail(held, result.error);
  await finishExecution(runtime, executionId, result, held.runRef);
  return { executionId, status: "succeeded" };
}

/** Lets another run go on from here, at once or when the pause that was asked for is over: the journal knows what is done. */
async function handOver(held: Held, flowId: string): Promise<ExecuteFlowResult> {
  const { announce, logger } = inngestRuntime();
  const released = await releaseExecution(inngestRuntime(), held.id, held.runRef, true);
  if (released?.status === "queued") {
    logger.info({ executionId: held.id }, "an execution with many steps goes on in another Inngest run");
    announce(executeEventOf({ id: held.id, organizationId: held.organizationId, flowId, claimNo: released.claimNo }));
  }
  return { executionId: held.id, status: "continued" };
}

async function fail(held: Held, error: ExecutionError): Promise<never> {
  await finishExecution(inngestRuntime(), held.id, { status: "failed", error }, held.runRef);
  throw new NonRetriableError(error.nodeName === null ? error.message : `${error.nodeName}: ${error.message}`);
}

/** Somebody cancelled the run on Inngest's side. */
export async function executionCancelledOutside(executionId: string, runId: string): Promise<void> {
  const ended = await finishExecution(inngestRuntime(), executionId, { status: "cancelled" }, runRefOf(runId));
  if (ended) abortRunningSteps(executionId, new CancelledError());
}

/** The last word when Inngest gave a run up and we had not ended its execution: it must not look as if it still ran. */
export async function giveUpExecution(executionId: string, runId: string, message: string): Promise<void> {
  const runtime = inngestRuntime();
  const error = { nodeId: null, nodeName: null, message };
  const ended = await finishExecution(runtime, executionId, { status: "failed", error }, runRefOf(runId));
  if (ended) runtime.logger.error({ executionId, reason: message }, "Inngest gave a run up");
}
