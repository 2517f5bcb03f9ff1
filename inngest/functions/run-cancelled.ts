import { z } from "zod";
import { executionCancelledOutside } from "@/server/execution/inngest/execute";
import { inngest } from "../client";
import { executeFlowFunction } from "./execute-flow";

const cancelledRunSchema = z.object({ run_id: z.string(), event: z.object({ data: z.object({ executionId: z.string() }) }) });

/** A run that somebody cancelled in Inngest's own screens: the function itself never hears of it. */
export const runCancelledFunction = inngest.createFunction(
  {
    id: "run-cancelled",
    name: "A run was cancelled in Inngest",
    retries: 10,
    triggers: [{ event: "inngest/function.cancelled", if: `event.data.function_id == '${executeFlowFunction.id(inngest.id)}'` }],
  },
  async ({ event }) => {
    const { success, data } = cancelledRunSchema.safeParse(event.data);
    if (success) await executionCancelledOutside(data.event.data.executionId, data.run_id);
  },
);
