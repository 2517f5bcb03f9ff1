import type { z } from "zod";
import type { StepError } from "@/flow/execution/errors";
import { viewOf } from "@/flow/execution/reduce";
import type { StepStatus } from "@/flow/execution/status";
import type { ServiceContext } from "../context";
import { flowExecution, type flowExecutionSchema } from "./of-flow";
import { executionSnapshot } from "./snapshot";

/** One visit of a node, as a line of the execution's record. */
export interface StepEntry {
  executionId: string;
  flowId: string;
  /** `nodeId#runIndex` */
  stepKey: string;
  nodeId: string;
  status: StepStatus;
  /** Attempts so far. */
  attempts: number;
  /** Items by output handle; null while there are none. */
  counts: number[] | null;
  error: StepError | null;
  /** ISO 8601. */
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
}

/** What an execution of a flow did, step by step, in the order in which the steps began. */
export async function stepEntries({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof flowExecutionSchema>;
}): Promise<{ steps: StepEntry[] }> {
  const { executionId, flowId } = await flowExecution({ ctx, input });
  const { visits } = viewOf(await executionSnapshot({ ctx, input: { id: executionId } }));
  return {
    steps: [...visits.values()].map((visit) => ({
      executionId,
      flowId,
      stepKey: visit.key,
      nodeId: visit.nodeId,
      status: visit.status,
      attempts: visit.attempt,
      counts: visit.counts,
      error: visit.error,
      startedAt: visit.startedAt,
      finishedAt: visit.finishedAt,
      durationMs: visit.startedAt && visit.finishedAt ? Date.parse(visit.finishedAt) - Date.parse(visit.startedAt) : null,
    })),
  };
}
