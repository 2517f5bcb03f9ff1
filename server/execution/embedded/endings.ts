import { CancelledError } from "@/flow/execution/errors";
import type { ExecutionError } from "../engine";
import type { EndRow } from "./rows";
import type { LeaveReason } from "./run-environment";

/** Thrown into a run that is left. Not an error of any step. */
class RunLeftError extends Error {
  override name = "RunLeftError";
}

const TIMED_OUT = "The execution took longer than its flow allows";
const FAULT_MESSAGE = "The execution stopped because of an internal fault; the log of the app has the details";

/** What people are told of a run that broke. */
export const faultOf = (thrown: unknown): string =>
  thrown instanceof Error && thrown.name === "FatalError" ? thrown.message : FAULT_MESSAGE;

/** What calls of the host that are under way end with when a run is left. */
export function leaveError(reason: LeaveReason): Error {
  if (reason === "timed_out") return new CancelledError(TIMED_OUT);
  return reason === "cancelled" ? new CancelledError() : new RunLeftError(`The run was left: ${reason}`);
}

/** What a run tells the database when it lets go of its execution. */
export interface Ending {
  status: EndRow["status"];
  error?: ExecutionError;
  lastKey?: string | null;
  wakeAt?: Date | null;
}

const because = (message: string): ExecutionError => ({ nodeId: null, nodeName: null, message });

/** How a run that was left has its execution go on, or end. One that was lost is not its own to say anything about. */
export function endingOf(
  reason: Exclude<LeaveReason, "lost">,
  { fault, wakeAt }: { fault: string | null; wakeAt?: () => Date | null },
): Ending {
  switch (reason) {
    case "suspended":
      return { status: "waiting", wakeAt: wakeAt?.() ?? null };
    case "released":
      return { status: "queued" };
    case "cancelled":
      return { status: "cancelled" };
    case "timed_out":
      return { status: "timed_out", error: because(TIMED_OUT) };
    case "fault":
      return { status: "failed", error: because(fault ?? FAULT_MESSAGE) };
  }
}
