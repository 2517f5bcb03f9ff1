import type { TriggerEvent } from "@/prisma/generated/client";
import { type ArrivalType, modeOfArrival } from "@/server/triggers/held-arrivals";
import type { HeldFor } from "@/server/triggers/webhook-registry";

/** An arrival that started nothing when it came. Instants are ISO 8601. */
export interface ArrivalSummary {
  id: string;
  flowId: string;
  flowName: string;
  triggerId: string;
  /** What it came by. */
  type: ArrivalType;
  heldFor: HeldFor;
  receivedAt: string;
  /** Bytes of what it brought, as JSON. */
  size: number;
  /** Execution that its replay started; null while it waits. */
  replayedAs: string | null;
}

export const arrivalSummaryOf = (row: Omit<TriggerEvent, "input">, flowName: string | undefined): ArrivalSummary => ({
  id: row.id,
  flowId: row.flowId,
  flowName: flowName ?? "Deleted flow",
  triggerId: row.triggerId ?? "",
  type: modeOfArrival(row.type),
  heldFor: row.heldFor as HeldFor,
  receivedAt: row.receivedAt.toISOString(),
  size: row.inputBytes ?? 0,
  replayedAs: row.replayedAs,
});
