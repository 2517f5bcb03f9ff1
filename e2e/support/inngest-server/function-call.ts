import { FUNCTION_STEP_ID, type Op, type SerializedError, type StepValue, toSerializedError, ulid } from "./protocol";
import type { QueueItem } from "./queue";
import { callSdk, type SdkResponse, signatureOf } from "./sdk-request";

export type CallResult = SdkResponse | { failed: { message: string; code?: string } };

/** Calls the app for a queue item. Never rejects: what went wrong on the way is in the result. */
export async function callFunction(item: QueueItem, options: { checkpointing: boolean; signingKey?: string }): Promise<CallResult> {
  const { run } = item;
  const body = JSON.stringify({
    ctx: {
      attempt: item.attempt,
      disable_immediate_execution: run.planOnly,
      env: "",
      ...(options.checkpointing && { fn_id: run.served.uuid }),
      generation_id: item.generation,
      job_id: item.jobId,
      max_attempts: run.served.maxAttempts,
      qi_id: item.queueItemId,
      request_id: ulid(),
      run_id: run.id,
      stack: { current: run.stack.length, stack: run.stack },
      step_id: "step",
      use_api: false,
    },
    defers: {},
    event: run.event,
    events: [run.event],
    steps: run.steps,
    use_api: false,
    version: run.version,
  });
  const url = new URL(run.served.url);
  url.searchParams.set("fnId", run.served.id);
  url.searchParams.set("stepId", item.stepId);
  const headers = {
    "x-inngest-generation-id": String(item.generation),
    "x-inngest-job-id": item.jobId,
    "x-inngest-req-version": String(run.version),
    "x-inngest-step-id": item.stepId,
    ...(options.signingKey && { "x-inngest-signature": signatureOf(body, options.signingKey) }),
  };
  try {
    return await callSdk("POST", url, headers, body);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { failed: { message, code } };
  }
}

export const header = (answer: SdkResponse, name: string): string | undefined => {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Whether an operation brings the result of a step: the function's own end comes under a placeholder id. */
export const isResult = (op: Op): boolean =>
  (op.op === "StepRun" || op.op === "Step" || op.op === "StepFailed") && op.id !== FUNCTION_STEP_ID;

/** The error that a function answered with. */
export function errorOf(answer: SdkResponse): SerializedError {
  const body = answer.json as Partial<SerializedError> & { error?: string };
  return body.message === undefined ? { name: "Error", message: body.error ?? answer.text.slice(0, 500) } : toSerializedError(body);
}

/** What is memoised of a step's result. */
export const resultOf = (op: Op): StepValue =>
  op.op === "StepFailed" ? { error: toSerializedError(op.error) } : { data: op.data ?? null };
