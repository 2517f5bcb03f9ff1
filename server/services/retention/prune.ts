import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { type ExecutionStatus, executionStatusSchema, isTerminal } from "@/flow/execution/status";
import { sql } from "@/server/sql";
import { deleteExecutions, deleteFlowForGood, deleteLogs, IN_ORDER } from "./batches";

const DAY_MS = 86_400_000;
const SUCCEEDED: readonly ExecutionStatus[] = ["succeeded", "cancelled"];
const FAILED: readonly ExecutionStatus[] = ["failed", "timed_out"];
const ENDED = executionStatusSchema.options.filter(isTerminal);
/** Advisory lock of whoever deletes a batch; the engine's are of class 7707. */
const LOCK = [7708, 1] as const;

export interface Pruned {
  executions: number;
  logs: number;
  flows: number;
  /** Nothing is left to delete; false when the time was up, or another process is at it. */
  isDone: boolean;
}

interface OrganizationRow {
  id: string;
  succeeded: number | null;
  failed: number | null;
  logs: number | null;
  flows: number | null;
}

/** Another process deletes, or the time is up: the rest is left to the next round. */
class Stopped extends Error {}

/**
 * Deletes what organizations no longer keep, batch by batch, each a short transaction of its own under a lock that all processes
 * share. What happens in between, or whichever process stops, the rest is found again in the next round.
 */
export async function prune({
  now = new Date(),
  signal,
  pauseMs = 20,
}: {
  now?: Date;
  /** Ends the round after the batch that is under way. */
  signal?: AbortSignal;
  /** Rest after each batch that deleted something, for everybody else's work. */
  pauseMs?: number;
} = {}): Promise<Pruned> {
  const pruned: Pruned = { executions: 0, logs: 0, flows: 0, isDone: false };

  /** Batches until one finds nothing. */
  const drain = async (kind: "executions" | "logs", batch: (client: pg.ClientBase) => Promise<number>): Promise<void> => {
    for (let deleted = -1; deleted !== 0; ) {
      if (signal?.aborted) throw new Stopped();
      deleted = await underLock(batch);
      pruned[kind] += deleted;
      if (deleted > 0) await setTimeout(pauseMs);
    }
  };

  const pruneOrganization = async ({ id: organizationId, ...days }: OrganizationRow): Promise<void> => {
    const before = (count: number) => new Date(now.getTime() - count * DAY_MS);
    const kept: [readonly ExecutionStatus[], number | null][] = [
      [SUCCEEDED, days.succeeded],
      [FAILED, days.failed],
    ];
    for (const [status, count] of kept) {
      if (count === null) continue;
      await drain("executions", (client) => deleteExecutions(client, { organizationId, status, endedBefore: before(count) }));
    }
    const { logs, flows } = days;
    if (logs !== null) await drain("logs", (client) => deleteLogs(client, organizationId, before(logs)));
    if (flows === null) return;
    for (const flowId of await flowsDeletedBefore(organizationId, before(flows))) {
      await drain("executions", (client) => deleteExecutions(client, { organizationId, flowId, status: ENDED, endedBefore: now }));
      if (await underLock((client) => deleteFlowForGood(client, flowId, before(flows)))) pruned.flows++;
    }
  };

  try {
    for (const organization of await organizations()) await pruneOrganization(organization);
    pruned.isDone = true;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return pruned;
}

async function organizations(): Promise<OrganizationRow[]> {
  const { rows } = await sql().query<OrganizationRow>(
    `select id, retain_succeeded_days as succeeded, retain_failed_days as failed, retain_log_days as logs, retain_deleted_flow_days as flows
     from organization`,
  );
  return rows;
}

async function flowsDeletedBefore(organizationId: string, instant: Date): Promise<string[]> {
  const { rows } = await sql().query<{ id: string }>("select id from flow where organization_id = $1 and deleted_at < $2", [
    organizationId,
    instant,
  ]);
  return rows.map(({ id }) => id);
}

/** The lock lasts as long as the transaction, so it works over a pooler and no crash leaves it behind. */
async function underLock<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await sql().connect();
  let broken = false;
  try {
    await client.query("begin");
    const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_xact_lock($1, $2) as locked", [...LOCK]);
    if (!rows[0]?.locked) {
      await client.query("rollback");
      throw new Stopped();
    }
    await client.query(IN_ORDER);
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    broken = !(error instanceof Stopped);
    throw error;
  } finally {
    // A connection in an unknown state is not given back; closing it ends the transaction.
    client.release(broken);
  }
}
