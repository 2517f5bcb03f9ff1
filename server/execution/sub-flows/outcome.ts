import type pg from "pg";
import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import type { FlowOutcome } from "@/flow/node/context";
import { stepOutputs } from "../earlier-outputs";
import type { ExecutionError } from "../engine";

interface Row {
  status: ExecutionStatus;
  error: string | null;
  last_key: string | null;
  flow_name: string | null;
}

/** How an execution of the organization ended, with what its last node gave, read from the journal; null while it is under way. */
export async function readFlowOutcome(pool: pg.Pool, organizationId: string, executionId: string): Promise<FlowOutcome | null> {
  const { rows } = await pool.query<Row>({
    name: "flow_outcome",
    text: `select e.status, e.error, e.last_key, f.name as flow_name from execution e left join flow f on f.id = e.flow_id
      where e.id = $1 and e.organization_id = $2`,
    values: [executionId, organizationId],
  });
  const [row] = rows;
  if (!row) {
    return { status: "failed", items: [], error: { name: "SubFlowError", message: `The execution ${executionId} is not kept any more` } };
  }
  if (!isTerminal(row.status)) return null;
  const status = row.status as FlowOutcome["status"];
  if (status !== "succeeded") return { status, items: [], error: errorOf(row, executionId) };
  const outputs = row.last_key === null ? null : await stepOutputs(pool, organizationId, executionId, row.last_key);
  return { status, items: outputs?.[0] ?? [], error: null };
}

function errorOf({ status, error, flow_name }: Row, executionId: string): NonNullable<FlowOutcome["error"]> {
  const of = `the flow "${flow_name ?? "(deleted)"}", execution ${executionId}`;
  if (status === "cancelled") return { name: "SubFlowError", message: "The execution of the called flow was cancelled", hint: `In ${of}` };
  const known = error === null ? null : (JSON.parse(error) as ExecutionError);
  const message = known?.message ?? (status === "timed_out" ? "The called flow took too long" : "The called flow failed");
  return { name: "SubFlowError", message, hint: known?.nodeName ? `In the node "${known.nodeName}" of ${of}` : `In ${of}` };
}
