import type { NewExecution, StartedExecution } from "../engine";
import { publishHead } from "./journal";
import { storedText } from "./payloads";
import { HEAD_COLUMNS, type HeadRow } from "./rows";
import type { InngestRuntime } from "./runtime";

const RECORD = `
with arrival as (
  insert into trigger_event (id, organization_id, flow_id, trigger_id, type, dedupe_key, execution_id)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning execution_id
), stored as (
  insert into payload (id, organization_id, execution_id, content_type, size, bytes)
  select $15, $2, $7, 'application/json', octet_length($16::bytea), $16::bytea from arrival where $15::text is not null
)
insert into execution (id, organization_id, flow_id, flow_version, draft_graph, engine, mode, status, trigger_node_id, input,
  input_payload_id, variables, created_by_id, retry_of_id)
select $7, $2, $3, $8, $9, 'inngest', $10, 'queued', $11, $12, $15::text, $13, $14, $17 from arrival
returning ${HEAD_COLUMNS}`;

/** Records an arrival and the execution that it starts, together; or finds the execution that the same arrival started before. */
export async function recordStart(runtime: InngestRuntime, execution: NewExecution): Promise<StartedExecution> {
  const { event } = execution;
  const { inline, payloadId, bytes } = storedText(JSON.stringify(execution.items));
  const { rows } = await runtime.pool.query<HeadRow>({
    name: "inngest_record",
    text: RECORD,
    values: [
      event.id,
      execution.organizationId,
      execution.flowId,
      event.triggerId,
      event.type,
      event.dedupeKey,
      execution.id,
      execution.flowVersion,
      execution.flowVersion === null ? JSON.stringify(execution.graph) : null,
      execution.mode,
      execution.triggerNodeId,
      inline,
      JSON.stringify(execution.variables),
      execution.createdById,
      payloadId,
      bytes,
      execution.retryOfId,
    ],
  });
  if (rows[0]) {
    publishHead(runtime, rows[0]);
    return { executionId: execution.id, duplicate: false };
  }
  const earlier = await runtime.pool.query<{ execution_id: string }>({
    name: "inngest_duplicate",
    text: `select execution_id from trigger_event where id = $1 or (organization_id = $2 and dedupe_key = $5
      and coalesce(trigger_id, 'flow:' || flow_id) = coalesce($4, 'flow:' || $3)) order by received_at limit 1`,
    values: [event.id, execution.organizationId, execution.flowId, event.triggerId, event.dedupeKey],
  });
  const [first] = earlier.rows;
  if (!first) throw new Error(`The arrival ${event.id} collides with another one that cannot be found`);
  return { executionId: first.execution_id, duplicate: true };
}
