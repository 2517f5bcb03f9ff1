import type { RetryPolicy } from "../graph/schema";

const LONGEST_DELAY_MS = 86_400_000;
/** An error may name a longer one, and none that no clock could show. */
const LONGEST_NAMED_DELAY_MS = 365 * 86_400_000;

/** Milliseconds between the attempt numbered `attempt` (1-based) and the next one. */
export const retryDelay = (policy: RetryPolicy, attempt: number): number =>
  policy.backoff === "exponential" ? Math.min(policy.waitMs * 2 ** (attempt - 1), LONGEST_DELAY_MS) : policy.waitMs;

/** The same after what an attempt threw: an error that names its delay (`RetryAfterError`) is taken at its word. */
export function delayAfter(thrown: unknown, policy: RetryPolicy, attempt: number): number {
  const { retryAfterMs } = (thrown ?? {}) as { retryAfterMs?: unknown };
  if (typeof retryAfterMs !== "number" || !(retryAfterMs >= 0)) return retryDelay(policy, attempt);
  return Math.min(retryAfterMs, LONGEST_NAMED_DELAY_MS);
}
