import type pg from "pg";
import type { GuardedAttempt, Intent, WriteGuard } from "@/flow/interpreter/guard";
import type { Item } from "@/flow/item";
import type { ClaimedExecution } from "./engine";
import { patiently } from "./patience";

interface Row {
  state: "begun" | "asked" | "done" | "again" | "failed";
  asked: number;
  output: string | null;
  fresh: boolean;
  decided_by: string | null;
}

const CRASHED = "The process that ran it ended before it answered";

/**
 * Notes attempts in the database. One that is found begun is one whose end nobody saw: an attempt that ended is in the journal,
 * and the next has another number.
 */
export function createWriteGuard(pool: pg.Pool, { id, organizationId }: Pick<ClaimedExecution, "id" | "organizationId">): WriteGuard {
  const valuesOf = ({ key, attempt }: GuardedAttempt) => [id, key, attempt];

  const ask = async (attempt: GuardedAttempt, reason: string): Promise<number> => {
    const { rows } = await patiently(() =>
      pool.query<{ asked: number }>({
        name: "decision_ask",
        text: `update execution_decision set state = 'asked', asked = asked + 1, reason = $4, at = now()
        where execution_id = $1 and key = $2 and attempt = $3 returning asked`,
        values: [...valuesOf(attempt), reason],
      }),
    );
    return rows[0]!.asked;
  };

  const begin = async (attempt: GuardedAttempt): Promise<Intent> => {
    const { rows } = await patiently(() =>
      pool.query<Row>({
        name: "decision_begin",
        text: `with noted as (
          insert into execution_decision (execution_id, key, attempt, organization_id, node_id, state)
          values ($1, $2, $3, $4, $5, 'begun') on conflict do nothing returning 1
        ), repeated as (
          update execution_decision set state = 'begun', at = now()
          where execution_id = $1 and key = $2 and attempt = $3 and state = 'again' returning 1
        )
        select 'begun' as state, 0 as asked, null::text as output, null::text as decided_by, true as fresh from (table noted union all table repeated) b
        union all
        select state, asked, output, decided_by, false from execution_decision
        where execution_id = $1 and key = $2 and attempt = $3 and state <> 'again'`,
        values: [...valuesOf(attempt), organizationId, attempt.nodeId],
      }),
    );
    const row = rows.find(({ fresh }) => fresh) ?? rows[0];
    if (!row || row.fresh) return { state: "go" };
    if (row.state === "done") return { state: "done", outputs: [row.output === null ? [] : (JSON.parse(row.output) as Item[])] };
    if (row.state === "failed") return { state: "failed", message: `${row.decided_by ?? "Somebody"} decided that this step failed` };
    return { state: "asked", asked: row.state === "asked" ? row.asked : await ask(attempt, CRASHED) };
  };

  return { begin, ask };
}
