import type { Hint } from "@/flow/execution/events";
import { sql } from "@/server/sql";

interface Row {
  step_key: string;
  attempt: number;
  started_at: Date;
}

/** Steps that wait for executions which they have started: their attempts are under way, though no process holds them. */
export async function awaitingFlows(executionId: string): Promise<Hint[]> {
  const { rows } = await sql().query<Row>({
    name: "execution-awaiting",
    text: `select l.step_key, l.attempt, min(l.created_at) as started_at
      from execution_link l join execution e on e.id = l.child_id
      where l.parent_id = $1 and l.awaited and e.status not in ('succeeded', 'failed', 'cancelled', 'timed_out')
      group by l.step_key, l.attempt`,
    values: [executionId],
  });
  return rows.map(({ step_key: key, attempt, started_at }) => {
    const [, nodeId = key, runIndex = "0"] = /^(.*)#(\d+)$/.exec(key) ?? [];
    return { type: "hint", key, nodeId, runIndex: Number(runIndex), attempt, startedAt: started_at.toISOString() };
  });
}
