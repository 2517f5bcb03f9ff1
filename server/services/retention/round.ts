import { sql } from "@/server/sql";
import { pruneArrivals } from "@/server/triggers/prune-arrivals";
import { type Pruned, prune } from "./prune";

/**
 * One round of all that is deleted in time, for hosts whose processes do not live on: what organizations no longer keep, and a batch
 * each of old arrivals, events and what polls have found.
 */
export async function retentionRound(signal: AbortSignal): Promise<Pruned> {
  await pruneArrivals(sql());
  return prune({ signal });
}
