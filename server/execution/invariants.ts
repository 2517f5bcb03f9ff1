import type pg from "pg";

export interface InvariantOptions {
  /** Lease of the workers; a running execution's worker may be silent for twice as long. */
  leaseMs?: number;
  /** Nothing is under way any more: every execution has ended or waits. */
  settled?: boolean;
}

interface Check {
  /** Number in the list of invariants that the product promises. */
  invariant: number;
  says: string;
  /** Selects one text column that names each violation. */
  sql: string;
}

const TERMINAL = "('succeeded', 'failed', 'cancelled', 'timed_out')";

const CHECKS: readonly Check[] = [
  {
    invariant: 1,
    says: "an arrival names an execution that is not there",
    sql: `select t.id from trigger_event t where t.execution_id is not null
      and not exists (select 1 from execution e where e.id = t.execution_id)`,
  },
  {
    invariant: 1,
    says: "an execution has no recorded arrival",
    sql: "select e.id from execution e where not exists (select 1 from trigger_event t where t.execution_id = e.id)",
  },
  {
    invariant: 2,
    says: "one dedupe key started several executions",
    sql: `select organization_id || ' ' || dedupe_key from trigger_event where dedupe_key is not null and execution_id is not null
      group by organization_id, coalesce(trigger_id, 'flow:' || flow_id), dedupe_key having count(*) > 1`,
  },
  {
    invariant: 3,
    says: "the journal has a gap or does not start at 1",
    sql: "select execution_id from execution_step group by execution_id having min(seq) <> 1 or max(seq) <> count(*)",
  },
  {
    invariant: 3,
    says: "the terminal change did not take the journal's next position",
    sql: `select e.id || ': ' || e.seq from execution e where e.status in ${TERMINAL} and e.engine = 'embedded'
      and e.seq <> 1 + (select count(*) from execution_step s where s.execution_id = e.id)`,
  },
  {
    invariant: 4,
    says: "an execution and its times do not fit its status",
    sql: `select e.id || ' ' || e.status from execution e where (e.status in ${TERMINAL}) <> (e.finished_at is not null)
      or (e.status in ('running', 'succeeded', 'failed', 'timed_out') and e.started_at is null)
      or (e.status = 'paused') <> (e.paused_at is not null)
      or e.status not in ('queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled', 'timed_out')`,
  },
  {
    invariant: 4,
    says: "a visit goes on after it had ended",
    sql: `select distinct s.execution_id || ' ' || s.key from execution_step s join execution_step later
      on later.execution_id = s.execution_id and later.key = s.key and later.seq > s.seq
      where s.status in ('succeeded', 'skipped', 'cancelled') or (s.status = 'failed' and s.wake_at is null)
        or (s.status = 'waiting' and later.status <> 'succeeded')`,
  },
  {
    invariant: 5,
    says: "a visit succeeded twice",
    sql: `select execution_id || ' ' || key from execution_step where status = 'succeeded' group by execution_id, key having count(*) > 1`,
  },
  {
    invariant: 6,
    says: "an execution has a worker without running, or runs without one",
    sql: "select id || ' ' || status from execution where engine = 'embedded' and (status = 'running') <> (worker_id is not null)",
  },
  {
    invariant: 7,
    says: "an execution runs on a worker that is dead",
    sql: `select e.id from execution e left join worker w on w.id = e.worker_id where e.status = 'running' and e.engine = 'embedded'
      and (w.id is null or w.fenced or w.heartbeat_at < clock_timestamp() - make_interval(secs => 2 * $1::float8 / 1000))`,
  },
  {
    invariant: 8,
    says: "a visit used what had not been recorded before it",
    sql: `select s.execution_id || ' ' || s.key from execution_step s, json_array_elements(s.sources::json) source
      where json_typeof(source) = 'object' and not exists (select 1 from execution_step before
        where before.execution_id = s.execution_id and before.key = source ->> 'key' and before.status = 'succeeded' and before.seq < s.seq)`,
  },
  {
    invariant: 9,
    says: "an ended execution has something left to do",
    sql: `select e.id from execution e where e.status in ${TERMINAL} and (e.wake_at is not null
      or exists (select 1 from execution_wait w where w.execution_id = e.id)
      or exists (select 1 from execution_signal s where s.execution_id = e.id))`,
  },
  {
    invariant: 9,
    says: "an execution waits for nothing",
    sql: `select e.id from execution e where e.status = 'waiting' and e.engine = 'embedded' and e.wake_at is null
      and not exists (select 1 from execution_wait w where w.execution_id = e.id)`,
  },
  {
    invariant: 11,
    says: "a wait that ran out ended early",
    sql: `select a.execution_id || ' ' || a.key from execution_step a join execution_step b
      on b.execution_id = a.execution_id and b.key = a.key and b.seq > a.seq and b.status = 'succeeded'
      where a.status = 'waiting' and b.output = '{"payload":null}' and b.finished_at < a.wake_at
        and date_trunc('milliseconds', b.finished_at) < date_trunc('milliseconds', a.wake_at)`,
  },
  {
    invariant: 12,
    says: "an attempt began after the execution was cancelled",
    // Attempts are timed by the clocks of their processes, which may be apart a little.
    sql: `select s.execution_id || ' ' || s.key from execution_step s join execution e on e.id = s.execution_id
      where e.status = 'cancelled' and s.started_at > e.finished_at + interval '2 seconds'`,
  },
  {
    invariant: 14,
    says: "attempts are not counted 1, 2, 3 …",
    sql: `select execution_id || ' ' || key from execution_step where status <> 'waiting'
      group by execution_id, key having max(attempt) <> count(*) or count(distinct attempt) <> count(*)`,
  },
  {
    invariant: 14,
    says: "an attempt began before its backoff was over",
    sql: `select a.execution_id || ' ' || a.key || ' ' || b.attempt from execution_step a join execution_step b
      on b.execution_id = a.execution_id and b.key = a.key and b.attempt = a.attempt + 1
      where a.status = 'failed' and b.started_at < a.wake_at`,
  },
  {
    invariant: 14,
    says: "an organization runs more than its limit",
    sql: `select o.id from organization o join execution e on e.organization_id = o.id and e.status = 'running' and e.engine = 'embedded'
      group by o.id, o.max_concurrent having count(*) > o.max_concurrent`,
  },
  {
    invariant: 14,
    says: "more executions of a flow are under way than it allows",
    sql: `select gate_key from execution where gate_key is not null and not gated and status in ('queued', 'running', 'waiting', 'paused')
      group by gate_key having count(*) > max(gate_limit)`,
  },
  {
    invariant: 14,
    says: "an execution began without having passed its gate",
    sql: "select id from execution where gated and (claim_no > 0 or started_at is not null or status in ('running', 'succeeded', 'failed'))",
  },
  {
    invariant: 14,
    says: "an execution goes on that has taken longer than its flow allows",
    sql: `select id from execution where status in ('queued', 'running', 'waiting')
      and deadline_at < clock_timestamp() - make_interval(secs => 2 * $1::float8 / 1000)`,
  },
  {
    invariant: 15,
    says: "a row belongs to another organization than its execution",
    sql: `select 'step ' || s.execution_id from execution_step s left join execution e on e.id = s.execution_id
        where e.organization_id is distinct from s.organization_id
      union all select 'wait ' || w.execution_id from execution_wait w left join execution e on e.id = w.execution_id
        where e.organization_id is distinct from w.organization_id
      union all select 'signal ' || g.execution_id from execution_signal g left join execution e on e.id = g.execution_id
        where e.organization_id is distinct from g.organization_id
      union all select 'payload ' || p.id from payload p left join execution e on e.id = p.execution_id
        where p.execution_id is not null and e.organization_id is distinct from p.organization_id
      union all select 'arrival ' || t.id from trigger_event t join execution e on e.id = t.execution_id
        where e.organization_id <> t.organization_id`,
  },
  {
    invariant: 15,
    says: "an execution's graph is not there",
    sql: `select e.id from execution e where e.draft_graph is null
      and not exists (select 1 from flow_version v where v.flow_id = e.flow_id and v.version = e.flow_version)`,
  },
  {
    invariant: 16,
    says: "the stored end does not follow from the journal",
    sql: `select e.id from execution e where e.status = 'succeeded' and e.last_key is not null
      and not exists (select 1 from execution_step s where s.execution_id = e.id and s.key = e.last_key and s.status = 'succeeded')`,
  },
  {
    invariant: 18,
    says: "something of a deleted execution is left",
    sql: `select 'step ' || execution_id from execution_step s where not exists (select 1 from execution e where e.id = s.execution_id)
      union select 'wait ' || execution_id from execution_wait w where not exists (select 1 from execution e where e.id = w.execution_id)
      union select 'signal ' || execution_id from execution_signal g where not exists (select 1 from execution e where e.id = g.execution_id)
      union select 'payload ' || id from payload p
        where execution_id is not null and not exists (select 1 from execution e where e.id = p.execution_id)`,
  },
  {
    invariant: 18,
    says: "a payload that a row refers to is missing",
    sql: `select s.execution_id || ' ' || s.key from execution_step s
      where s.payload_id is not null and not exists (select 1 from payload p where p.id = s.payload_id)
      union all select e.id from execution e
      where e.input_payload_id is not null and not exists (select 1 from payload p where p.id = e.input_payload_id)`,
  },
];

/** Promises that a look at the database cannot prove, and the tests that do. */
export const PROVEN_ELSEWHERE: Readonly<Record<number, { says: string; tests: readonly string[] }>> = {
  10: {
    says: "a state change and the rows that follow from it commit together",
    tests: ["server/execution/proof/crash.integration.test.ts", "server/execution/ends/end-dispatcher.integration.test.ts"],
  },
  13: {
    says: "an idempotency key is the same in all retries, and another one for each lineage, node and item",
    tests: ["server/services/executions/decisions.integration.test.ts", "server/services/executions/resumption.integration.test.ts"],
  },
  17: { says: "no value holds a credential's plaintext", tests: ["server/testing/attacks/planted-secrets.integration.test.ts"] },
};

/** Numbers of the promises that a look at the database can break. */
export const checkedInvariants = (): number[] => [...new Set(CHECKS.map(({ invariant }) => invariant))];

const SETTLED: Check = {
  invariant: 7,
  says: "an execution is still under way",
  sql: "select id || ' ' || status from execution where status in ('queued', 'running') and engine = 'embedded'",
};

/**
 * Reads the whole database and lists what must never be so, one line a violation; empty when all is well. For tests and for
 * `doctor` on small databases: it looks at every row.
 */
export async function checkInvariants(database: Pick<pg.Pool, "query">, options: InvariantOptions = {}): Promise<string[]> {
  const violations: string[] = [];
  for (const { invariant, says, sql } of options.settled ? [...CHECKS, SETTLED] : CHECKS) {
    const values = sql.includes("$1") ? [options.leaseMs ?? 15_000] : [];
    const { rows } = await database.query<[string]>({ text: `${sql} limit 20`, values, rowMode: "array" });
    violations.push(...rows.map(([subject]) => `${invariant}: ${says}: ${subject}`));
  }
  return violations;
}
