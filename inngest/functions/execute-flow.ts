import { executeFlow, giveUpExecution } from "@/server/execution/inngest/execute";
import type { StepTools } from "@/server/execution/inngest/host";
import { afterResponse } from "../after-response";
import { inngest } from "../client";
import { cancelEvent, executeEvent, leaveEvent, resumeEvent } from "../events";

/** Inngest's count is over all nodes alike; how often a node is tried is its own policy, which allows no more than this. */
const RETRIES = 20;

/** Interprets one execution. Everything it does is in `server/execution/inngest`. */
export const executeFlowFunction = inngest.createFunction(
  {
    id: "execute-flow",
    name: "Execute flow",
    retries: RETRIES,
    triggers: [executeEvent],
    cancelOn: [
      { event: cancelEvent, if: "async.data.executionId == event.data.executionId" },
      { event: leaveEvent, if: "async.data.executionId == event.data.executionId && async.data.claimNo == event.data.claimNo" },
    ],
    onFailure: ({ event, error }) => giveUpExecution(event.data.event.data.executionId, event.data.run_id, error.message),
  },
  ({ event, step, runId, attempt, maxAttempts = RETRIES + 1 }) => {
    const tools: StepTools = {
      run: async <T>(id: Parameters<StepTools["run"]>[0], fn: () => Promise<T>) => (await step.run(id, fn)) as T,
      sleepUntil: step.sleepUntil,
      waitForResume: (id, options) => step.waitForEvent(id, { ...options, event: resumeEvent }),
    };
    const { executionId } = event.data;
    return executeFlow({ executionId, runId, step: tools, attempt, maxAttempts, afterwards: afterResponse });
  },
);
