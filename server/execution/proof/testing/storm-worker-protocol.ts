/** From the parent. `id` names the request in the answer. */
export type StormRequest = { id: number } & (
  | { kind: "start"; flow: string; n: number; dedupeKey: string }
  | { kind: "signal"; executionId: string }
);
/** To the parent, once what was asked for is durable. */
export type StormAnswer = { ready: true } | { id: number; executionId: string } | { id: number; failed: string };

export const STORM_ORGANIZATION = "storm";
export const STORM_LEASE_MS = 3000;
