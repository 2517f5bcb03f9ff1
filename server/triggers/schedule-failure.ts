import { ZodError } from "zod";
import { toServiceError } from "../services/to-service-error";
import { failureText, firstIssue } from "./failure-text";
import { BrokenVersionError } from "./webhook-registry";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** How the starts of a schedule's slots went lately. */
export interface Failing {
  /** That failed since one has worked. */
  failures: number;
  /** Why the last one failed. */
  error: string | null;
  failedAt: Date | null;
  /** When the first of them failed. */
  failingSince: Date | null;
  /** Until then the slot that is due is left alone. */
  retryAt: Date | null;
}

/** Of a schedule whose last start worked. */
export const NOT_FAILING: Failing = { failures: 0, error: null, failedAt: null, failingSince: null, retryAt: null };

/**
 * After a start that failed. The first failure is tried again with the next look, further ones after longer pauses: broken schedules
 * are always due, and must not be all that a look gets to see.
 */
export function failingAgain(before: Failing, error: string, now: Date): Failing {
  const failures = before.failures + 1;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 2, 20), LONGEST_PAUSE_MS);
  return {
    failures,
    error: failureText(error),
    failedAt: now,
    failingSince: before.failingSince ?? now,
    retryAt: failures === 1 ? null : new Date(now.getTime() + pause),
  };
}

/** What keeps a schedule from starting its flow, for people. A fault of ours tells no more than where the log has it. */
export function failureReason(thrown: unknown, triggerId: string): string {
  if (thrown instanceof BrokenVersionError) return thrown.message;
  if (thrown instanceof ZodError) return `The schedule cannot be read: ${firstIssue(thrown)}. Mend it and publish the flow again`;
  return toServiceError(thrown, { requestId: triggerId, what: "schedule" }).message;
}
