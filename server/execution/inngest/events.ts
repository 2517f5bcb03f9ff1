import { createHash } from "node:crypto";

/** Starts an execution that is recorded already. */
export const EXECUTE_EVENT = "flow/execute";
/** Ends the Inngest run of an execution that is cancelled already. */
export const CANCEL_EVENT = "flow/cancel";
/** Ends the Inngest run that an execution was taken from. */
export const LEAVE_EVENT = "flow/leave";
/** Tells a waiting run to look for its signal, which is stored already. */
export const RESUME_EVENT = "flow/resume";

/**
 * What we send to Inngest: names and ids, never data. `id` makes a repeated send harmless.
 */
export type EngineEvent =
  | { name: typeof EXECUTE_EVENT; id: string; data: { executionId: string; organizationId: string; flowId: string; claimNo: number } }
  | { name: typeof CANCEL_EVENT; data: { executionId: string } }
  | { name: typeof LEAVE_EVENT; data: { executionId: string /** That the run was started with. */; claimNo: number } }
  | { name: typeof RESUME_EVENT; data: { executionId: string; token: string } };

/**
 * Starts an execution, or has another run go on with it. The id says how many runs have had it, so that Inngest takes a
 * repeated send for one event; `extra` makes one that it certainly has not seen.
 */
export function executeEventOf(
  execution: { id: string; organizationId: string; flowId: string; claimNo: number },
  extra?: number,
): EngineEvent {
  const { id: executionId, organizationId, flowId, claimNo } = execution;
  const id = [executionId, ...(claimNo > 0 || extra !== undefined ? [claimNo] : []), ...(extra === undefined ? [] : [extra])].join(".");
  return { name: EXECUTE_EVENT, id, data: { executionId, organizationId, flowId, claimNo } };
}

/** Resolves once Inngest has accepted the events; rejects when it did not, or not in time. */
export type SendEvents = (events: EngineEvent[]) => Promise<void>;

/**
 * What a wait and the event that ends it have in common. A hash, because a correlation holds ids that people chose, and
 * Inngest compares it in an expression.
 */
export const resumeToken = (event: string, correlation: string): string =>
  createHash("sha256")
    .update(JSON.stringify([event, correlation]))
    .digest("hex");
