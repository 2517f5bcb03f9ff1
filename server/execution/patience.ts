import { isDatabaseAway, persist } from "./embedded/connection";

/** How long a step waits for a database that is away, before it fails for that. */
const PATIENCE_MS = 120_000;

/** Does what may be done twice until the database answers: that it was away for a moment is no failure of a step. */
export const patiently = <T>(work: () => Promise<T>): Promise<T> => persist(work, AbortSignal.timeout(PATIENCE_MS), isDatabaseAway);

/** Of an error of a database that is away: whether no connection was made, so that it cannot have heard of the statement. */
export function isUnsent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === "ECONNREFUSED" || code === "57P03" || error.message.includes("timeout exceeded when trying to connect");
}
