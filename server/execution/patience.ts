import { isDatabaseAway, persist } from "./embedded/connection";

/** How long a step waits for a database that is away, before it fails for that. */
const PATIENCE_MS = 120_000;

/** Does what may be done twice until the database answers: that it was away for a moment is no failure of a step. */
export const patiently = <T>(work: () => Promise<T>): Promise<T> => persist(work, AbortSignal.timeout(PATIENCE_MS), isDatabaseAway);
