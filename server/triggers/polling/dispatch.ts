import type pg from "pg";
import type { Item } from "@/flow/item";
import type { ExecutionEngine } from "@/server/execution/engine";
import { newTriggerEventId } from "@/server/execution/ids";
import { adoptFiles } from "@/server/execution/payloads";
import { logger } from "@/server/logger";
import { keepArrival } from "../held-arrivals";
import { publishedGraph } from "../webhook-registry";

/** Executions that one transaction starts. */
const AT_ONCE = 20;
const FIRST_RETRY_SECONDS = 2;
const LONGEST_RETRY_SECONDS = 300;

interface BatchRow {
  id: string;
  organization_id: string;
  trigger_id: string;
  dedupe_key: string;
  items: string;
  flow_id: string;
  node_id: string;
  flow_name: string;
  published_version: number | null;
  is_on: boolean;
}

// The rows stay locked until their executions are recorded: other processes pass them by.
const TAKE = `
select b.id, b.organization_id, b.trigger_id, b.dedupe_key, b.items, t.flow_id, t.node_id, f.name as flow_name, f.published_version,
  t.active and t.type = 'poll' and f.active and f.deleted_at is null and f.published_version is not null as is_on
from poll_batch b join trigger t on t.id = b.trigger_id join flow f on f.id = t.flow_id
where b.retry_at <= clock_timestamp() order by b.position limit ${AT_ONCE} for update of b skip locked`;

/**
 * Starts executions for what polls have found, in this process beside any others. A crash at any place leaves the row, and its key starts
 * nothing a second time. What was found for a flow that is off by now is kept, as calls of its webhooks are.
 * @returns how many rows were taken on
 */
export async function dispatchPolled(pool: pg.Pool, engine: ExecutionEngine): Promise<number> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    const { rows } = await client.query<BatchRow>({ name: "polled-take", text: TAKE });
    for (const row of rows) {
      if (await settle(pool, engine, row))
        await client.query({ name: "polled-done", text: "delete from poll_batch where id = $1", values: [row.id] });
      else await client.query({ name: "polled-later", text: LATER, values: [row.id] });
    }
    await client.query("commit");
    broken = false;
    return rows.length;
  } finally {
    client.release(broken);
  }
}

const LATER = `
update poll_batch set tries = tries + 1,
  retry_at = clock_timestamp() + make_interval(secs => least(${FIRST_RETRY_SECONDS} * power(2, least(tries, 20)), ${LONGEST_RETRY_SECONDS}))
where id = $1`;

/** Whether there is nothing left to do about it; the others must not wait for one that cannot be started. */
async function settle(pool: pg.Pool, engine: ExecutionEngine, row: BatchRow): Promise<boolean> {
  const { organization_id: organizationId, flow_id: flowId, trigger_id: triggerId, dedupe_key: dedupeKey } = row;
  const items = JSON.parse(row.items) as Item[];
  try {
    if (!row.is_on || row.published_version === null) {
      const kept = await keepArrival({ organizationId, flowId, triggerId, type: "poll", heldFor: "inactive", dedupeKey, items });
      if (kept === null) logger.warn({ triggerId, flowId }, "what a poll found was dropped: its flow is off and keeps as much as it can");
      return true;
    }
    const { executionId } = await engine.start({
      id: row.id,
      organizationId,
      flowId,
      flowName: row.flow_name,
      flowVersion: row.published_version,
      graph: await publishedGraph(flowId, row.published_version),
      mode: "poll",
      triggerNodeId: row.node_id,
      items,
      variables: {},
      createdById: null,
      retryOfId: null,
      event: { id: newTriggerEventId(), triggerId, type: "poll", dedupeKey },
    });
    await adoptFiles(pool, { organizationId, executionId }, items);
    return true;
  } catch (error) {
    logger.error({ err: error, triggerId, flowId }, "what a poll found could not be started");
    return false;
  }
}
