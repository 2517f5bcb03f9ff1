import { type ExecutionStatus, executionModeSchema, executionStatusSchema, isTerminal } from "@/flow/execution/status";
import { sql } from "@/server/sql";
import { conditionOf, type ExecutionFilter, eachGroup, type Group } from "./filtered";

export type StatusBreakdown = Record<ExecutionStatus, number>;

/** Milliseconds from the first step to the end, waits included. Null while nothing has ended. */
export interface Durations {
  averageMs: number | null;
  medianMs: number | null;
  p95Ms: number | null;
  /** How many executions these are of: the newest that ended, at most 10,000. */
  sample: number;
}

const DURATION_SAMPLE = 10_000;

/** How many executions there are of each status and mode; none where there are none. */
export async function countGroups(filter: ExecutionFilter): Promise<(Group & { count: number })[]> {
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  const statuses = place(executionStatusSchema.options);
  const modes = place(executionModeSchema.options);
  const { rows } = await sql().query<Group & { count: string }>(
    `select x.status, x.mode, count(*) as count from execution x
     where x.status = any(${statuses}) and x.mode = any(${modes}) and ${conditionOf(filter, place)} group by x.status, x.mode`,
    values,
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

export function breakdownOf(groups: readonly (Group & { count: number })[]): StatusBreakdown {
  const breakdown = Object.fromEntries(executionStatusSchema.options.map((status) => [status, 0])) as StatusBreakdown;
  for (const { status, count } of groups) breakdown[status] += count;
  return breakdown;
}

const TIMED: ReadonlySet<ExecutionStatus> = new Set(["succeeded", "failed", "timed_out"]);

/** How long the newest executions of some groups took; cancelled ones say nothing about that. */
export async function measureDurations(filter: ExecutionFilter, groups: readonly Group[]): Promise<Durations> {
  const values: unknown[] = [];
  const ended = eachGroup(
    groups.filter(({ status }) => TIMED.has(status)),
    filter,
    (value) => `$${values.push(value)}`,
    (condition) =>
      `select x.created_at, x.started_at, x.finished_at from execution x where ${condition} order by x.created_at desc limit ${DURATION_SAMPLE}`,
  );
  const { rows } = await sql().query<{ average: number | null; median: number | null; p95: number | null; sample: number }>(
    `select avg(ms)::float8 as average, percentile_cont(0.5) within group (order by ms) as median,
            percentile_cont(0.95) within group (order by ms) as p95, count(*)::int as sample
     from (select extract(epoch from e.finished_at - e.started_at)::float8 * 1000 as ms
           from ${ended} where e.started_at is not null order by e.created_at desc limit ${DURATION_SAMPLE}) newest`,
    values,
  );
  const { average = null, median = null, p95 = null, sample = 0 } = rows[0] ?? {};
  return { averageMs: rounded(average), medianMs: rounded(median), p95Ms: rounded(p95), sample };
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

export const totalOf = (breakdown: StatusBreakdown): number => Object.values(breakdown).reduce((sum, count) => sum + count, 0);

/** Per cent of the executions that ended, to one decimal; null while none has. */
export function successRateOf(breakdown: StatusBreakdown): number | null {
  const ended = executionStatusSchema.options.filter(isTerminal).reduce((sum, status) => sum + breakdown[status], 0);
  return ended === 0 ? null : Math.round((breakdown.succeeded / ended) * 1000) / 10;
}
