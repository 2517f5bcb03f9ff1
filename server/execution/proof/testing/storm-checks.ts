import type pg from "pg";
import { CHILDREN, WRITES } from "./storm-flows";
import type { Outside } from "./storm-outside";

export const expectedWrites = (executions: number, flows: readonly string[]): string[] =>
  Array.from({ length: executions }, (_, n) => (WRITES[flows[n % flows.length]!] ?? []).map((step) => `${n}-${step}`)).flat();

/** Acknowledged arrivals that are not there, or started more than one execution. */
export async function wrongArrivals(pool: pg.Pool, acknowledged: ReadonlyMap<number, ReadonlySet<string>>): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; n: number }>(
    "select id, (input::json -> 0 -> 'json' ->> 'n')::int n from execution where mode not in ('flow', 'retry')",
  );
  const byNumber = new Map<number, string[]>();
  for (const { id, n } of rows) byNumber.set(n, [...(byNumber.get(n) ?? []), id]);
  const wrong: string[] = [];
  for (const [n, ids] of acknowledged) {
    const stored = byNumber.get(n) ?? [];
    if (stored.length !== 1) wrong.push(`arrival ${n} was acknowledged and started ${stored.length} executions`);
    if (ids.size !== 1 || !ids.has(stored[0] ?? ""))
      wrong.push(`arrival ${n} was told of ${[...ids].join(", ")}, and is ${stored.join(", ")}`);
  }
  return wrong;
}

/** Writes that never happened, and ones that were sent again after they were durably recorded as done. */
export async function wrongWrites(pool: pg.Pool, outside: Outside, executions: number, flows: readonly string[]): Promise<string[]> {
  const missing = expectedWrites(executions, flows).filter((name) => !outside.ended.has(name));
  const { rows } = await pool.query<{ execution_id: string; name: string; finished_at: Date }>(
    `select execution_id, output::json -> 'outputs' -> 0 -> 0 -> 'json' ->> 'name' as name, finished_at from execution_step
      where effect = 'write' and status = 'succeeded'`,
  );
  const again = rows.flatMap(({ execution_id, name, finished_at }) => {
    const after = (outside.begun.get(name) ?? []).map((at) => at - finished_at.getTime()).filter((ms) => ms > 0);
    return after.length > 0 ? [{ name, by: `${execution_id}, ${after.join(" and ")} ms later` }] : [];
  });
  return [
    ...missing.map((name) => `write ${name} never happened`),
    ...again.map(({ name, by }) => `write ${name} ran again after it was recorded as done (${by})`),
  ];
}

/** Children that were not started exactly once each, and parents that did not wait for theirs. */
export async function wrongChildren(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; children: number; calls: number; early: boolean }>(
    `select p.id, count(c.id)::int as children, count(distinct c.input::json -> 0 -> 'json' ->> 'child')::int as calls,
       bool_or(c.finished_at > s.finished_at) as early
     from execution p left join execution_link l on l.parent_id = p.id left join execution c on c.id = l.child_id
     left join execution_step s on s.execution_id = p.id and s.key = 'children#0' and s.status = 'succeeded'
     where p.flow_id = 'parent' group by p.id`,
  );
  const { rows: strays } = await pool.query<{ id: string }>(
    "select id from execution e where mode = 'flow' and not exists (select 1 from execution_link l where l.child_id = e.id)",
  );
  return [
    ...rows
      .filter(({ children, calls }) => children !== CHILDREN || calls !== CHILDREN)
      .map(({ id, children }) => `parent ${id} has ${children} children`),
    ...rows.filter(({ early }) => early).map(({ id }) => `parent ${id} went on before its children had ended`),
    ...strays.map(({ id }) => `execution ${id} is nobody's child`),
  ];
}

/** Executions that ended otherwise than what they do would have them. */
export async function wrongEnds(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; flow_id: string; status: string; error: string | null }>(
    `select id, flow_id, status, error from execution
     where status <> 'succeeded' and not (status = 'failed' and (flow_id = 'broken' or (flow_id = 'mended' and mode <> 'retry')))`,
  );
  return rows.map(({ id, flow_id, status, error }) => `execution ${id} of ${flow_id} ended ${status}: ${error}`);
}

/** Executions that failed and were not resumed exactly once. */
export async function wrongResumptions(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; n: number }>(
    `select e.id, (select count(*)::int from execution r where r.retry_of_id = e.id) as n from execution e
     where e.flow_id = 'mended' and e.mode <> 'retry'`,
  );
  return rows.filter(({ n }) => n !== 1).map(({ id, n }) => `execution ${id} was resumed ${n} times`);
}
