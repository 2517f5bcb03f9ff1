/** How often, why and since when a trigger fails. Instants are ISO 8601. */
export interface FailingStatus {
  /** Failures since it has worked. */
  failures: number;
  /** Why the last one failed; null once one has worked. */
  error: string | null;
  failedAt: string | null;
  /** When the first of them failed. */
  failingSince: string | null;
}

interface Row {
  failures: number;
  error: string | null;
  failedAt: Date | null;
  failingSince: Date | null;
}

export const failingStatusOf = ({ failures, error, failedAt, failingSince }: Row): FailingStatus => ({
  failures,
  error,
  failedAt: failedAt?.toISOString() ?? null,
  failingSince: failingSince?.toISOString() ?? null,
});
