import type { PollState } from "@/prisma/generated/client";
import { type FailingStatus, failingStatusOf } from "./failing-status";

/** Where a polling trigger stands. Instants are ISO 8601. */
export interface PollStatus extends FailingStatus {
  /** When it last asked and was answered; null before that. */
  polledAt: string | null;
  /** When it asks again; null while its flow is off. */
  nextAt: string | null;
}

/** @param fires the flow is active and its published version has the trigger */
export const pollStatusOf = (state: PollState | null, fires: boolean): PollStatus | null =>
  state && {
    polledAt: state.polledAt?.toISOString() ?? null,
    nextAt: fires ? (state.nextAt?.toISOString() ?? null) : null,
    ...failingStatusOf(state),
  };
