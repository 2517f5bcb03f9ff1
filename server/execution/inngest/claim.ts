import type { ExecutionMode } from "@/flow/execution/status";
import { isTerminal } from "@/flow/execution/status";
import type { FrozenGraph } from "@/flow/graph/schema";
import type { Item, JsonObject } from "@/flow/item";
import type { ClaimedExecution } from "../engine";
import { type Held, publishHead } from "./journal";
import { readText } from "./payloads";
import { HEAD_COLUMNS, type HeadRow } from "./rows";
import { runRefOf } from "./run-ref";
import type { InngestRuntime } from "./runtime";
import { readDecided, type VisitState } from "./visit";

interface Row extends HeadRow {
  mode: ExecutionMode;
  engine: string;
  worker_id: string | null;
  wake_seq: number;
  draft_graph: string | null;
  trigger_node_id: string;
  input: string | null;
  input_payload_id: string | null;
  variables: string | null;
  graph: FrozenGraph | null;
}

/** What a run may do with an execution: go on with it, or nothing. */
export type Claim =
  | {
      kind: "held";
      held: Held;
      execution: ClaimedExecution;
      graph: Pick<FrozenGraph, "nodes" | "edges" | "partial">;
      seq: number;
      decided: ReadonlyMap<string, VisitState>;
    }
  | { kind: "refused"; reason: "unknown" | "ended" | "paused" | "not its turn" | "held by another run" };

const SELECT = `select e.${HEAD_COLUMNS.replaceAll(", ", ", e.")}, e.engine, e.worker_id, e.wake_seq, e.draft_graph, e.trigger_node_id, e.input,
    e.input_payload_id, e.variables, v.graph
  from execution e left join flow_version v on v.flow_id = e.flow_id and v.version = e.flow_version where e.id = $1`;

/**
 * Loads an execution for an Inngest run. The first run that asks holds it from then on: a second one (the event was delivered
 * twice, or was replayed by hand) is refused, so an execution runs once.
 */
export async function claimExecution(runtime: InngestRuntime, executionId: string, runId: string): Promise<Claim> {
  const runRef = runRefOf(runId);
  let row = await load(runtime, executionId);
  if (row?.status === "queued" && row.worker_id === null) {
    const { rows } = await runtime.pool.query<HeadRow>({
      name: "inngest_claim",
      text: `update execution set status = 'running', worker_id = $2::uuid, claim_no = claim_no + 1, wake_seq = seq,
          started_at = coalesce(started_at, clock_timestamp()),
          deadline_at = coalesce(deadline_at, clock_timestamp() + make_interval(secs => timeout_ms / 1000))
        where id = $1 and engine = 'inngest' and status = 'queued' and worker_id is null and sent_at is not null and not gated returning ${HEAD_COLUMNS}`,
      values: [executionId, runRef],
    });
    if (rows[0]) publishHead(runtime, rows[0]);
    row = await load(runtime, executionId);
  }
  if (row?.engine !== "inngest") return { kind: "refused", reason: "unknown" };
  if (isTerminal(row.status)) return { kind: "refused", reason: "ended" };
  if (row.status === "paused") return { kind: "refused", reason: "paused" };
  // Another run is sent when it is.
  if (row.status === "queued") return { kind: "refused", reason: "not its turn" };
  if (row.worker_id !== runRef) return { kind: "refused", reason: "held by another run" };
  const graph = row.draft_graph === null ? row.graph : (JSON.parse(row.draft_graph) as FrozenGraph);
  if (!graph) throw new Error(`Version ${row.flow_version} of flow ${row.flow_id}, which execution ${executionId} runs, is missing`);
  const input = await readText(runtime.pool, row.input, row.input_payload_id);
  const execution: ClaimedExecution = {
    id: row.id,
    organizationId: row.organization_id,
    flowId: row.flow_id,
    flowVersion: row.flow_version,
    draftGraph: row.draft_graph,
    mode: row.mode,
    triggerNodeId: row.trigger_node_id,
    items: input === null ? [] : (JSON.parse(input) as Item[]),
    variables: row.variables === null ? {} : (JSON.parse(row.variables) as JsonObject),
  };
  const held = { id: row.id, organizationId: row.organization_id, flowId: row.flow_id, mode: row.mode, runRef };
  // Where the journal stood when this run took the execution.
  const decided = await readDecided(runtime.pool, row.id, row.wake_seq);
  return { kind: "held", held, execution, graph, seq: row.seq, decided };
}

async function load(runtime: InngestRuntime, executionId: string): Promise<Row | undefined> {
  const { rows } = await runtime.pool.query<Row>({ name: "inngest_execution", text: SELECT, values: [executionId] });
  return rows[0];
}
