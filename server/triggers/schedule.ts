import type { JsonObject } from "@/flow/item";
import { scheduleItem } from "@/nodes/schedule-trigger/executor";
import { getEngine } from "../execution/get-engine";
import { newExecutionId, newTriggerEventId } from "../execution/ids";
import { logger } from "../logger";
import { sql } from "../sql";
import { type Failing, failingAgain, failureReason, NOT_FAILING } from "./schedule-failure";
import { DEFAULT_TIMEZONE, nextSlot, slotsToStart } from "./slots";
import { startOrKeep } from "./start-or-keep";
import { BrokenVersionError, publishedGraph, TRIGGER_IS_GONE } from "./webhook-registry";

/** Longest time between two looks: another process may have published a schedule. */
const LONGEST_SLEEP_MS = 1_000;
/** Flows of which this is false start nothing by their schedules. */
const FIRES = `t.type = 'schedule' and t.active and f.active and f.deleted_at is null and f.published_version is not null`;
/** Schedules that one transaction takes on. */
const BATCH = 50;
/** Slots of one schedule that one transaction makes up for. */
const MOST_AT_ONCE = 50;

interface DueRow {
  id: string;
  organization_id: string;
  flow_id: string;
  flow_name: string;
  published_version: number;
  node_id: string;
  config: JsonObject;
  next_at: Date;
  timezone: string | null;
  failures: number;
  error: string | null;
  failed_at: Date | null;
  failing_since: Date | null;
}

/**
 * Starts flows when their schedules are due, in this process beside any others: a due row is taken by one of them, and the
 * ledger's key (trigger, slot) lets a slot start one execution, whatever crashes in between.
 * @returns stops looking, once what is under way is done
 */
export function startSchedules(options: { now?: () => Date } = {}): () => Promise<void> {
  const now = options.now ?? (() => new Date());
  let stopped = false;
  let wake = () => {};

  const loop = async (): Promise<void> => {
    while (!stopped) {
      const started = await startDue(now()).catch((error: unknown) => {
        logger.error({ err: error }, "schedules could not be looked at");
        return 0;
      });
      if (started >= BATCH || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LONGEST_SLEEP_MS).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = loop();
  return async () => {
    stopped = true;
    wake();
    await running;
  };
}

/**
 * Starts what is due at an instant, at most a batch. Slots that passed unseen, because nothing ran or the database was away, are
 * made up for as each schedule says.
 * @returns how many slots were started
 */
export async function startDue(now: Date): Promise<number> {
  const client = await sql().connect();
  let broken = false;
  try {
    await client.query("begin");
    // The rows stay locked until their slot is recorded and their next one written: other processes pass them by.
    const { rows } = await client.query<DueRow>({
      name: "schedules-due",
      text: `select t.id, t.organization_id, t.flow_id, t.node_id, t.config, t.next_at, f.name as flow_name, f.published_version,
                    t.failures, t.error, t.failed_at, t.failing_since, v.graph -> 'settings' ->> 'timezone' as timezone
             from trigger t join flow f on f.id = t.flow_id
             join flow_version v on v.flow_id = f.id and v.version = f.published_version
             where ${FIRES} and t.next_at <= $1 and (t.retry_at is null or t.retry_at <= $1)
             order by t.next_at limit $2 for update of t skip locked`,
      values: [now, BATCH],
    });
    let started = 0;
    for (const row of rows) {
      const done = await startSlots(row, now);
      started += done.started;
      const { failures, error, failedAt, failingSince, retryAt } = done.failing;
      await client.query({
        name: "schedule-next",
        text: `update trigger set next_at = $2, failures = $3, error = $4, failed_at = $5, failing_since = $6, retry_at = $7 where id = $1`,
        values: [row.id, done.nextAt, failures, error, failedAt, failingSince, retryAt],
      });
    }
    await client.query("commit");
    return started;
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    // A connection in an unknown state is not given back; closing it ends the transaction.
    client.release(broken);
  }
}

/** When the next schedule is due, or tried again; null when there is none. */
export async function nextScheduleAt(): Promise<Date | null> {
  const { rows } = await sql().query<{ at: Date | null }>({
    name: "schedules-next",
    text: `select min(greatest(t.next_at, t.retry_at)) as at from trigger t join flow f on f.id = t.flow_id where ${FIRES}`,
  });
  return rows[0]?.at ?? null;
}

/** What was started of one schedule, when it is due next, and how its starts went. */
async function startSlots(row: DueRow, now: Date): Promise<{ started: number; nextAt: Date | null; failing: Failing }> {
  const timezone = row.timezone ?? DEFAULT_TIMEZONE;
  let started = 0;
  let nextAt: Date | null = row.next_at;
  let failing: Failing = { ...row, failedAt: row.failed_at, failingSince: row.failing_since, retryAt: null };
  try {
    const slots = slotsToStart(row.config, row.next_at, now, timezone);
    for (const slot of slots.slice(0, MOST_AT_ONCE)) {
      nextAt = slot;
      await startSlot(row, slot, timezone);
      started++;
      failing = NOT_FAILING;
    }
    nextAt = slots[MOST_AT_ONCE] ?? nextSlot(row.config, now, timezone);
  } catch (error) {
    // It stays due; the others must not wait for it.
    logger.error({ err: error, triggerId: row.id, flowId: row.flow_id }, "a schedule could not be started");
    failing = failingAgain(failing, failureReason(error, row.id), now);
  }
  return { started, nextAt, failing };
}

async function startSlot(row: DueRow, slot: Date, timezone: string): Promise<void> {
  const engine = await getEngine();
  const graph = await publishedGraph(row.flow_id, row.published_version);
  if (!graph.nodes.some(({ id }) => id === row.node_id)) throw new BrokenVersionError(TRIGGER_IS_GONE);
  await startOrKeep(engine, {
    id: newExecutionId(),
    organizationId: row.organization_id,
    flowId: row.flow_id,
    flowName: row.flow_name,
    flowVersion: row.published_version,
    graph,
    mode: "schedule",
    triggerNodeId: row.node_id,
    items: [{ json: scheduleItem(slot, timezone) }],
    variables: {},
    createdById: null,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId: row.id, type: "schedule", dedupeKey: `slot:${slot.toISOString()}` },
  });
}
