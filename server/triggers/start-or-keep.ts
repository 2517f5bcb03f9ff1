import type { ExecutionEngine, NewExecution } from "../execution/engine";
import { ServiceError } from "../services/errors";
import { keepArrival, type NewArrival } from "./held-arrivals";

/** An arrival that came to a trigger, and what it is to start. */
export type Arrival = NewExecution & { event: { triggerId: string; type: NonNullable<NewArrival["type"]> | "flow-event" } };

export type Begun =
  | { executionId: string }
  /** Too much is queued: it is in the ledger. */
  | { arrivalId: string; retryAfterSeconds: number };

const A_WHILE_SECONDS = 15;

/**
 * Starts what came to a trigger. While too much is queued it is kept instead, before anybody is told that it has arrived: `busy` ones
 * start by themselves once there is room (`startKept`), in the order in which they came; `refused` ones, whose senders wait for an
 * answer and are told to come again, do not.
 * @throws ServiceError `rate_limited` when the trigger keeps as much as it may: then the sender's is the only copy
 */
export async function startOrKeep(engine: ExecutionEngine, arrival: Arrival, heldFor: "busy" | "refused" = "busy"): Promise<Begun> {
  try {
    const { executionId } = await engine.start(arrival);
    return { executionId };
  } catch (thrown) {
    if (!(thrown instanceof ServiceError && thrown.code === "rate_limited")) throw thrown;
    const { organizationId, flowId, event, items } = arrival;
    const { triggerId, dedupeKey } = event;
    const type = event.type === "flow-event" ? "event" : event.type;
    const arrivalId = await keepArrival({ organizationId, flowId, triggerId, type, heldFor, dedupeKey, items });
    if (arrivalId === null) throw thrown;
    return { arrivalId, retryAfterSeconds: thrown.details.retryAfterSeconds ?? A_WHILE_SECONDS };
  }
}
