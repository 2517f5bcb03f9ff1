import type pg from "pg";
import { FLOWS_ENDED, flowsCorrelation, flowsWaitKey } from "@/flow/interpreter/host";
import type { ExecutionEngine } from "../engine";

const TERMINAL = "('succeeded', 'failed', 'cancelled', 'timed_out')";

interface WaitingRow {
  organization_id: string;
  parent_id: string;
  step_key: string;
  attempt: number;
  started: number;
}

/** Wakes the step that started an execution, once all that its attempt has started have ended. */
export async function wakeParent(pool: pg.Pool, engine: ExecutionEngine, childId: string): Promise<void> {
  const { rows } = await pool.query<WaitingRow>({
    name: "ends-parent",
    text: `select l.organization_id, l.parent_id, l.step_key, l.attempt, count(*)::int as started
      from execution_link own join execution_link l
        on l.parent_id = own.parent_id and l.step_key = own.step_key and l.attempt = own.attempt and l.awaited
      left join execution e on e.id = l.child_id
      where own.child_id = $1 and own.awaited
      group by l.organization_id, l.parent_id, l.step_key, l.attempt
      having bool_and(coalesce(e.status in ${TERMINAL}, false))`,
    values: [childId],
  });
  for (const { organization_id: organizationId, parent_id: executionId, step_key, attempt, started } of rows) {
    const correlation = flowsCorrelation(executionId, flowsWaitKey(step_key, { attempt, started }));
    await engine.signal({ organizationId, executionId, event: FLOWS_ENDED, correlation, payload: true });
  }
}

/** Cancels what a step of an ended execution waited for. */
export async function cancelChildren(pool: pg.Pool, engine: ExecutionEngine, parentId: string): Promise<void> {
  const { rows } = await pool.query<{ child_id: string }>({
    name: "ends-children",
    text: `select l.child_id from execution_link l join execution e on e.id = l.child_id
      where l.parent_id = $1 and l.awaited and e.status not in ${TERMINAL}`,
    values: [parentId],
  });
  await Promise.all(rows.map(({ child_id }) => engine.cancel(child_id)));
}
