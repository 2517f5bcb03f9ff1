import { NonRetriableError, RetryAfterError } from "inngest";
import { CancelledError, type StepError } from "@/flow/execution/errors";
import { StepFailedError } from "@/flow/interpreter/host";

/**
 * Errors on their way from a step's function through Inngest to the interpreter. Only name, message and `cause` survive it,
 * so what we must know again is in the cause.
 */
type Carried = { kind: "failed"; error: StepError } | { kind: "cancelled" } | { kind: "replaced" } | { kind: "full" };

const carry = (message: string, carried: Carried): NonRetriableError => new NonRetriableError(message, { cause: { tolstoy: carried } });

/** The node failed for good. */
export const failedForGood = (error: StepError): NonRetriableError => carry(error.message, { kind: "failed", error });

/** The execution was cancelled, or ended by another step. */
export const executionEnded = (): NonRetriableError => carry("The execution has ended", { kind: "cancelled" });

/** Another run took the execution over. */
export const runReplaced = (): NonRetriableError => carry("Another Inngest run holds this execution", { kind: "replaced" });

/** The run has made so many steps that another one makes this. */
export const runFull = (): NonRetriableError => carry("Another Inngest run goes on from here", { kind: "full" });

/** Asks Inngest to call again, not before an instant. */
export const tryAgainAt = (message: string, at: Date): RetryAfterError => new RetryAfterError(message, at);

/** This run has nothing more to do: another one holds the execution. */
export class RunReplacedError extends Error {
  override name = "RunReplacedError";
}

/** This run has made as many steps as it may. */
export class RunFullError extends Error {
  override name = "RunFullError";
}

/** A step could not be run or journaled at all, also not in many tries: a fault of ours or of the database, not of the node. */
export class StepUnavailableError extends Error {
  override name = "StepUnavailableError";
}

/** What the interpreter is told when Inngest reports that a step's function has failed for good. */
export function fromStepError(thrown: unknown, key: string): Error {
  const { message, cause } = thrown as Error;
  const carried = (cause as { tolstoy?: Carried } | null | undefined)?.tolstoy;
  switch (carried?.kind) {
    case "failed":
      return new StepFailedError(key, carried.error);
    case "cancelled":
      return new CancelledError();
    case "replaced":
      return new RunReplacedError(message);
    case "full":
      return new RunFullError(message);
    default:
      return new StepUnavailableError(`Step ${key} could not be run: ${message}`, { cause: thrown });
  }
}
