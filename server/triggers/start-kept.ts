import type pg from "pg";
import type { Graph } from "@/flow/graph/schema";
import type { Item, JsonObject } from "@/flow/item";
import type { ExecutionEngine } from "../execution/engine";
import { newExecutionId, newTriggerEventId } from "../execution/ids";
import { logger } from "../logger";
import { ServiceError } from "../services/errors";
import { modeOfArrival, originalKey } from "./held-arrivals";
import { publishedGraph } from "./webhook-registry";

/** Of one organization in one transaction. */
const AT_ONCE = 50;
const MOST_ORGANIZATIONS = 20;
const TURN = 7712;

interface KeptRow {
  id: string;
  organization_id: string;
  flow_id: string;
  trigger_id: string;
  type: string;
  dedupe_key: string | null;
  input: string | null;
  bytes: Buffer | null;
  input_payload_id: string | null;
  variables: string | null;
  node_id: string | null;
  flow_name: string | null;
  published_version: number | null;
  is_on: boolean | null;
}

/** The oldest of each organization that has some, by hopping over the index. */
const OLDEST = `
with recursive hop as (
  (select organization_id, 1 as n from trigger_event where held_for = 'busy' and replayed_as is null order by organization_id limit 1)
  union all
  (select e.organization_id, hop.n + 1 from hop cross join lateral (
    select t.organization_id from trigger_event t
    where t.held_for = 'busy' and t.replayed_as is null and t.organization_id > hop.organization_id order by t.organization_id limit 1) e
  where hop.n < ${MOST_ORGANIZATIONS}))
select e.*, p.bytes, t.node_id, f.name as flow_name, f.published_version,
  t.active and f.active and f.deleted_at is null and f.published_version is not null as is_on
from hop cross join lateral (
  select k.id, k.organization_id, k.flow_id, k.trigger_id, k.type, k.dedupe_key, k.input, k.input_payload_id, k.variables, k.received_at
  from trigger_event k where k.organization_id = hop.organization_id and k.held_for = 'busy' and k.replayed_as is null
  order by k.received_at, k.id limit ${AT_ONCE}) e
left join payload p on p.id = e.input_payload_id
left join trigger t on t.id = e.trigger_id left join flow f on f.id = e.flow_id
order by e.received_at, e.id`;

const STARTED = `
with noted as (
  update trigger_event set replayed_as = $2, input = null, input_payload_id = null where id = $1 and replayed_as is null)
delete from payload where id = $3`;

/**
 * Starts arrivals that came while too much was queued, in the order in which they came, as far as there is room now. One process
 * does at a time. A crash after a start finds the arrival again, and its key starts nothing a second time.
 * @returns how many it saw to
 */
export async function startKept(pool: pg.Pool, engine: ExecutionEngine): Promise<number> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    const { rows: turn } = await client.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(${TURN}, 0) as mine`);
    const { rows } = turn[0]?.mine ? await client.query<KeptRow>({ name: "kept-oldest", text: OLDEST }) : { rows: [] };
    const full = new Set<string>();
    let seen = 0;
    for (const row of rows) {
      if (full.has(row.organization_id)) continue;
      const outcome = await settle(engine, row);
      if (outcome === "full") full.add(row.organization_id);
      else {
        seen++;
        if ("executionId" in outcome) await client.query(STARTED, [row.id, outcome.executionId, row.input_payload_id]);
        else await client.query("update trigger_event set held_for = $2 where id = $1", [row.id, outcome.heldFor]);
      }
    }
    await client.query("commit");
    broken = false;
    return seen;
  } finally {
    client.release(broken);
  }
}

/** Starts one; or says that there is no room, or why it has to wait for a person. */
async function settle(
  engine: ExecutionEngine,
  row: KeptRow,
): Promise<{ executionId: string } | { heldFor: "inactive" | "broken" } | "full"> {
  if (!row.is_on || row.published_version === null) return { heldFor: "inactive" };
  const { flow_id: flowId, node_id: nodeId } = row;
  const text = row.bytes ? row.bytes.toString("utf8") : row.input;
  const graph = await publishedGraph(flowId, row.published_version).catch((): Graph | null => null);
  const node = graph?.nodes.find(({ id }) => id === nodeId);
  if (!graph || !node || node.disabled || text === null) return { heldFor: "broken" };
  try {
    return await engine.start({
      id: newExecutionId(),
      organizationId: row.organization_id,
      flowId,
      flowName: row.flow_name ?? "",
      flowVersion: row.published_version,
      graph,
      mode: modeOfArrival(row.type),
      triggerNodeId: node.id,
      items: JSON.parse(text) as Item[],
      variables: row.variables === null ? {} : (JSON.parse(row.variables) as JsonObject),
      createdById: null,
      retryOfId: null,
      event: {
        id: newTriggerEventId(),
        triggerId: row.trigger_id,
        type: row.type,
        dedupeKey: originalKey(row.dedupe_key) ?? `replay:${row.id}`,
        kept: true,
      },
    });
  } catch (thrown) {
    if (thrown instanceof ServiceError && thrown.code === "rate_limited") return "full";
    // It must not be in the way of those behind it.
    logger.error({ err: thrown, arrivalId: row.id, flowId }, "a kept arrival could not be started");
    if (thrown instanceof ServiceError && thrown.code === "unavailable") return "full";
    return { heldFor: "broken" };
  }
}
