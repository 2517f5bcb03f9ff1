import { executionCancelledOutside } from "@/server/execution/inngest/execute";
import { inngest } from "../client";
import { executeFlowFunction } from "./execute-flow";

/** A run that somebody cancelled in Inngest's own screens: the function itself never hears of it. */
export const runCancelledFunction = inngest.createFunction(
  {
    id: "run-cancelled",
    name: "A run was cancelled in Inngest",
    retries: 10,
    triggers: [{ event: "inngest/function.cancelled", if: `event.data.function_id == '${executeFlowFunction.id(inngest.id)}'` }],
  },
  async ({ event }) => {
    const { event: cause } = event.data as { event?: { data?: { executionId?: unknown } } };
    const executionId = cause?.data?.executionId;
    if (typeof executionId === "string") await executionCancelledOutside(executionId);
  },
);
