import type { PollState } from "@/prisma/generated/client";

/** Where a polling trigger stands. Instants are ISO 8601. */
export interface PollStatus {
  /** When it last asked and was answered; null before that. */
  polledAt: string | null;
  /** When it asks again; null while its flow is off. */
  nextAt: string | null;
  /** Polls that failed since. */
  failures: number;
  /** Why the last one failed; null once one has worked. */
  error: string | null;
  failedAt: string | null;
}

/** @param fires the flow is active and its published version has the trigger */
export const pollStatusOf = (state: PollState | null, fires: boolean): PollStatus | null =>
  state && {
    polledAt: state.polledAt?.toISOString() ?? null,
    nextAt: fires ? (state.nextAt?.toISOString() ?? null) : null,
    failures: state.failures,
    error: state.error,
    failedAt: state.failedAt?.toISOString() ?? null,
  };
