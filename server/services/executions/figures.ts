import { type ExecutionStatus, executionStatusSchema, isTerminal } from "@/flow/execution/status";
import { sql } from "@/server/sql";
import { type ExecutionFilter, eachRange } from "./filtered";

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

/** How many executions there are in each status. */
export async function countByStatus(filter: ExecutionFilter): Promise<StatusBreakdown> {
  const values: unknown[] = [];
  const ranges = eachRange(
    filter,
    (value) => `$${values.push(value)}`,
    (condition) => `select count(*) as count from execution x where ${condition}`,
  );
  const { rows } = await sql().query<{ status: ExecutionStatus; count: string }>(
    `select statuses.status, sum(e.count) as count from ${ranges} group by statuses.status`,
    values,
  );
  const counted = new Map(rows.map(({ status, count }) => [status, Number(count)]));
  return Object.fromEntries(executionStatusSchema.options.map((status) => [status, counted.get(status) ?? 0])) as StatusBreakdown;
}

/** How long the newest executions that ended took. */
export async function measureDurations(filter: ExecutionFilter): Promise<Durations> {
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  const ended = eachRange(
    { ...filter, status: ["succeeded", "failed", "timed_out"] },
    place,
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
