import type { RetryPolicy } from "../graph/schema";

const LONGEST_DELAY_MS = 86_400_000;

/** Milliseconds between the attempt numbered `attempt` (1-based) and the next one. */
export const retryDelay = (policy: RetryPolicy, attempt: number): number =>
  policy.backoff === "exponential" ? Math.min(policy.waitMs * 2 ** (attempt - 1), LONGEST_DELAY_MS) : policy.waitMs;
