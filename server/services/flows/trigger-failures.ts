import { sql } from "@/server/sql";
import type { FlowSummary } from "./types";

/** One poll, or start of a schedule, that fails is mostly over with the next one … */
const KEEPS_FAILING = 2;
/** … unless that is later: then it is no passing fault, but one that somebody has to see to. */
const SOON = "interval '1 minute'";
const LONGEST_ERROR = 300;

/** What polls and what starts by the clock: where each notes its failures, and when it is tried again. */
const FAILING = `
select t.flow_id, t.node_id, p.failures, p.error, p.failed_at, p.failing_since, p.next_at as again_at
from trigger t join poll_state p on p.trigger_id = t.id where t.flow_id = any($1::text[]) and t.type = 'poll' and t.active
union all
select t.flow_id, t.node_id, t.failures, t.error, t.failed_at, t.failing_since, greatest(t.next_at, t.retry_at)
from trigger t where t.flow_id = any($1::text[]) and t.type = 'schedule' and t.active`;

/**
 * Polling triggers and schedules that keep failing, one a flow: the one that failed last.
 * @param flowIds flows that are on; the triggers of others do nothing
 */
export async function triggerFailures(flowIds: string[]): Promise<Map<string, NonNullable<FlowSummary["triggerFailure"]>>> {
  if (flowIds.length === 0) return new Map();
  const { rows } = await sql().query<{ flow_id: string; node_id: string; error: string; failing_since: Date | null }>({
    name: "flows-trigger-failures",
    text: `select distinct on (flow_id) flow_id, node_id, left(error, ${LONGEST_ERROR}) as error, failing_since
           from (${FAILING}) as t
           where failures > 0 and error is not null and (failures >= ${KEEPS_FAILING} or again_at > failed_at + ${SOON})
           order by flow_id, failed_at desc nulls last`,
    values: [flowIds],
  });
  return new Map(
    rows.map(({ flow_id: flowId, node_id: nodeId, error, failing_since: since }) => [
      flowId,
      { nodeId, error, failingSince: since?.toISOString() ?? null },
    ]),
  );
}
