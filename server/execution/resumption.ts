import type pg from "pg";
import { frozenGraphSchema } from "@/flow/graph/schema";
import type { EarlierRun, EarlierVisit } from "@/flow/interpreter/earlier-run";
import type { StepSource } from "@/flow/interpreter/host";
import { withNamesOf } from "@/flow/interpreter/node-change";
import { type PreparedGraph, prepareGraph } from "@/flow/interpreter/prepare";
import type { Resumption } from "@/flow/interpreter/resumed-run";
import type { JsonObject } from "@/flow/item";
import type { Effect } from "@/flow/node/define-node";
import type { NodeRegistry } from "@/flow/node/registry";
import { stepOutputs } from "./earlier-outputs";
import type { ClaimedExecution } from "./engine";

interface ExecutionRow {
  graph: unknown;
  draft_graph: string | null;
  trigger_node_id: string;
  variables: string | null;
}

interface StepRow {
  key: string;
  node_id: string;
  status: string;
  effect: Effect;
  counts: number[] | null;
  sources: string | null;
  wake_at: Date | null;
}

function stateOf({ status, wake_at }: StepRow): EarlierVisit["state"] {
  if (status === "succeeded") return "done";
  if (status === "cancelled") return "cut-off";
  return status === "failed" && wake_at === null ? "failed" : "unfinished";
}

/** Writes that cannot be repeated, were noted before they began, and are not in the journal: their process ended with their execution. */
const UNSEEN = `select d.key, d.node_id from execution_decision d
  where d.execution_id = $1 and d.organization_id = $2 and d.state in ('begun', 'asked', 'done') and not exists (
    select 1 from execution_step s where s.execution_id = d.execution_id and s.key = d.key and s.attempt >= d.attempt)`;

type UnseenRow = Pick<StepRow, "key" | "node_id">;

/** The visits of an ended execution, by its journal and by what was noted beside it. */
function visitsOf(rows: readonly StepRow[], unseen: readonly UnseenRow[]): Map<string, EarlierVisit> {
  const visits = new Map<string, EarlierVisit>();
  for (const row of rows) {
    const before = visits.get(row.key);
    visits.set(row.key, {
      key: row.key,
      nodeId: row.node_id,
      state: stateOf(row),
      effect: row.effect,
      sources: row.sources === null ? (before?.sources ?? []) : (JSON.parse(row.sources) as (StepSource | null)[]),
      counts: row.counts ?? [],
    });
  }
  for (const { key, node_id: nodeId } of unseen) {
    const { sources = [], counts = [] } = visits.get(key) ?? {};
    visits.set(key, { key, nodeId, state: "cut-off", effect: "write", sources, counts });
  }
  return visits;
}

/**
 * An execution as one of another graph takes it over.
 * @returns null when it is not kept (any more), or is another organization's
 */
export async function readEarlierRun(
  pool: pg.Pool,
  registry: NodeRegistry,
  { organizationId, executionId, now }: { organizationId: string; executionId: string; now: PreparedGraph },
): Promise<EarlierRun | null> {
  const { rows } = await pool.query<ExecutionRow>(
    `select v.graph, e.draft_graph, e.trigger_node_id, e.variables from execution e
       left join flow_version v on v.flow_id = e.flow_id and v.version = e.flow_version
     where e.id = $1 and e.organization_id = $2`,
    [executionId, organizationId],
  );
  const [row] = rows;
  const stored = row && (row.draft_graph === null ? row.graph : JSON.parse(row.draft_graph));
  if (!row || !stored) return null;
  const [steps, unseen] = await Promise.all([
    pool.query<StepRow>(
      "select key, node_id, status, effect, counts, sources, wake_at from execution_step where execution_id = $1 order by seq",
      [executionId],
    ),
    pool.query<UnseenRow>(UNSEEN, [executionId, organizationId]),
  ]);
  const then = frozenGraphSchema.parse(stored);
  return {
    graph: prepareGraph(withNamesOf(then, now.index.graph), registry),
    triggerNodeId: row.trigger_node_id,
    visits: visitsOf(steps.rows, unseen.rows),
    variables: { ...then.variables, ...(row.variables === null ? {} : (JSON.parse(row.variables) as JsonObject)) },
    timezone: then.settings.timezone ?? "UTC",
  };
}

const MOST_KEPT = 20;

/** Finds what executions take over. An earlier execution has ended, so what was read once is right for good. */
export class Resumptions {
  private readonly known = new Map<string, Promise<Resumption | null>>();

  constructor(
    private readonly pool: pg.Pool,
    private readonly registry: NodeRegistry,
  ) {}

  /** Null for an execution that begins at its beginning. */
  of(execution: Pick<ClaimedExecution, "id" | "mode" | "organizationId">, now: PreparedGraph): Promise<Resumption | null> {
    if (execution.mode !== "retry") return Promise.resolve(null);
    const known = this.known.get(execution.id);
    if (known) return known;
    const reading = this.read(execution, now);
    this.known.set(execution.id, reading);
    reading.catch(() => this.known.delete(execution.id));
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEPT && oldest !== undefined) this.known.delete(oldest);
    return reading;
  }

  private async read(
    { id, organizationId }: Pick<ClaimedExecution, "id" | "organizationId">,
    now: PreparedGraph,
  ): Promise<Resumption | null> {
    const { rows } = await this.pool.query<{ from_id: string; lineage: string; keep_writes: boolean }>(
      "select from_id, lineage, keep_writes from execution_resumption where execution_id = $1 and organization_id = $2",
      [id, organizationId],
    );
    const [row] = rows;
    if (!row) return null;
    const { pool, registry } = this;
    const earlier = await readEarlierRun(pool, registry, { organizationId, executionId: row.from_id, now });
    if (!earlier) throw new Error(`The execution ${row.from_id}, which ${id} resumes, is not kept any more`);
    return {
      earlier,
      keepWrites: row.keep_writes,
      lineage: row.lineage,
      outputs: (key) => stepOutputs(pool, organizationId, row.from_id, key),
    };
  }
}
