import { sql } from "@/server/sql";
import type { FlowSummary } from "./types";

/** One poll that fails is mostly over with the next one … */
const KEEPS_FAILING = 2;
/** … unless that is later: then it is no passing fault, but one that somebody has to see to. */
const SOON = "interval '1 minute'";
const LONGEST_ERROR = 300;

/**
 * Polling triggers that keep failing, one a flow: the one that failed last.
 * @param flowIds flows that are on; the triggers of others do not poll
 */
export async function triggerFailures(flowIds: string[]): Promise<Map<string, NonNullable<FlowSummary["triggerFailure"]>>> {
  if (flowIds.length === 0) return new Map();
  const { rows } = await sql().query<{ flow_id: string; node_id: string; error: string }>({
    name: "flows-trigger-failures",
    text: `select distinct on (t.flow_id) t.flow_id, t.node_id, left(p.error, ${LONGEST_ERROR}) as error
           from trigger t join poll_state p on p.trigger_id = t.id
           where t.flow_id = any($1::text[]) and t.type = 'poll' and t.active and p.failures > 0 and p.error is not null
             and (p.failures >= ${KEEPS_FAILING} or p.next_at > p.failed_at + ${SOON})
           order by t.flow_id, p.failed_at desc nulls last`,
    values: [flowIds],
  });
  return new Map(rows.map(({ flow_id: flowId, node_id: nodeId, error }) => [flowId, { nodeId, error }]));
}
