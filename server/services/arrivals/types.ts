import type { HeldFor } from "@/server/triggers/webhook-registry";

/** An arrival that started nothing when it came. Instants are ISO 8601. */
export interface ArrivalSummary {
  id: string;
  flowId: string;
  flowName: string;
  triggerId: string;
  heldFor: HeldFor;
  receivedAt: string;
  /** Bytes of what it brought, as JSON. */
  size: number;
  /** Execution that its replay started; null while it waits. */
  replayedAs: string | null;
}
