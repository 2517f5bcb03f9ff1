import type pg from "pg";
import type { ExecutionMode, ExecutionStatus } from "@/flow/execution/status";
import type { ExecutionEngine } from "../engine";
import { cancelChildren, wakeParent } from "./linked-executions";

/** An execution that has ended, as what follows from it needs it. */
export interface EndedExecution {
  id: string;
  organizationId: string;
  flowId: string;
  flowName: string;
  flowVersion: number | null;
  draftGraph: string | null;
  mode: ExecutionMode;
  /** Of the execution that this one retries, or is: an error flow that is run again is still one. */
  originMode: ExecutionMode;
  status: Extract<ExecutionStatus, "succeeded" | "failed" | "cancelled" | "timed_out">;
  /** JSON text. */
  error: string | null;
  retryOfId: string | null;
  /** Of the arrival that started it. */
  eventType: string | null;
}

/** Something that listens to ends. Told at least once of each. */
export type EndListener = (ended: EndedExecution) => Promise<void>;

/** What follows from an execution's end: its children end, its parent goes on, and listeners are told. */
export function followEnds(pool: pg.Pool, engine: () => Promise<ExecutionEngine>, listeners: readonly EndListener[]) {
  return async (executionId: string): Promise<void> => {
    const ended = await readEnded(pool, executionId);
    if (!ended) return;
    if (ended.status !== "succeeded") await cancelChildren(pool, await engine(), executionId);
    if (ended.mode === "flow") await wakeParent(pool, await engine(), executionId);
    for (const listener of listeners) await listener(ended);
  };
}

async function readEnded(pool: pg.Pool, executionId: string): Promise<EndedExecution | null> {
  const { rows } = await pool.query<EndedExecution>({
    name: "ends-read",
    text: `with recursive origin as (
        select id, mode, retry_of_id, 0 as step from execution where id = $1
        union all select e.id, e.mode, e.retry_of_id, o.step + 1 from execution e join origin o on e.id = o.retry_of_id where o.step < 50)
      select e.id, e.organization_id as "organizationId", e.flow_id as "flowId", coalesce(f.name, '') as "flowName",
        e.flow_version as "flowVersion", e.draft_graph as "draftGraph", e.mode, (select mode from origin order by step desc limit 1) as "originMode", e.status, e.error, e.retry_of_id as "retryOfId",
        (select t.type from trigger_event t where t.execution_id = e.id) as "eventType"
      from execution e left join flow f on f.id = e.flow_id where e.id = $1`,
    values: [executionId],
  });
  return rows[0] ?? null;
}
