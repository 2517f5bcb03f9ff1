import { z } from "zod";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, instantSchema, parse } from "../parse";
import { breakdownOf, countGroups, measureDurations, type StatusBreakdown, successRateOf, totalOf } from "./figures";
import { type ExecutionFilter, eachGroup, type Group } from "./filtered";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** Executions whose journals are counted; a whole year's would be tens of millions of rows. */
const STEP_SAMPLE = 10_000;

/** A day alone stands for its first instant, or for its last where a range ends. */
const dayOr = (end: "first" | "last") =>
  z
    .string()
    .max(40)
    .transform((text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T${end === "first" ? "00:00:00.000" : "23:59:59.999"}Z` : text))
    .pipe(instantSchema);

export const statisticsSchema = z.object({
  flowId: idSchema.optional(),
  /** ISO 8601 instants or days (UTC), inclusive; the last 30 days without them. */
  from: dayOr("first").optional(),
  to: dayOr("last").optional(),
});

export interface ExecutionStatistics {
  totalExecutions: number;
  statusBreakdown: StatusBreakdown;
  completedSteps: number;
  failedSteps: number;
  skippedSteps: number;
  /** Executions whose steps were counted: the newest, at most 10,000. */
  stepsOf: number;
  /** Milliseconds, of the newest 10,000 that ended; 0 while none has. */
  avgExecutionTime: number;
  /** Per cent of the executions that ended, to one decimal; null while none has. */
  successRate: number | null;
  timeRange: { from: string; to: string };
}

/** How the organization's executions of a time went. */
export async function executionStatistics({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof statisticsSchema>;
}): Promise<ExecutionStatistics> {
  const { organizationId } = authorize(ctx, "viewer");
  const { flowId, to = new Date(), from = new Date(to.getTime() - DEFAULT_DAYS * DAY_MS) } = parse(statisticsSchema, input);
  const filter = { organizationId, flowId, from, to };
  const groups = await countGroups(filter);
  const statusBreakdown = breakdownOf(groups);
  const [durations, steps] = await Promise.all([measureDurations(filter, groups), countSteps(filter, groups)]);
  return {
    totalExecutions: totalOf(statusBreakdown),
    statusBreakdown,
    completedSteps: steps.succeeded,
    failedSteps: steps.failed,
    skippedSteps: steps.skipped,
    stepsOf: steps.executions,
    avgExecutionTime: durations.averageMs ?? 0,
    successRate: successRateOf(statusBreakdown),
    timeRange: { from: from.toISOString(), to: to.toISOString() },
  };
}

interface StepCounts {
  executions: number;
  succeeded: number;
  failed: number;
  skipped: number;
}

/** Visits of nodes by how they ended. An attempt that was followed by another is not an end. */
async function countSteps(filter: ExecutionFilter, groups: readonly Group[]): Promise<StepCounts> {
  const values: unknown[] = [];
  const found = eachGroup(
    groups,
    filter,
    (value) => `$${values.push(value)}`,
    (condition) => `select x.id, x.created_at from execution x where ${condition} order by x.created_at desc limit ${STEP_SAMPLE}`,
  );
  const { rows } = await sql().query<StepCounts>(
    `with newest as materialized (select e.id from ${found} order by e.created_at desc limit ${STEP_SAMPLE})
     select (select count(*)::int from newest) as executions,
            count(*) filter (where s.status = 'succeeded')::int as succeeded,
            count(*) filter (where s.status = 'failed' and s.wake_at is null)::int as failed,
            count(*) filter (where s.status = 'skipped')::int as skipped
     from newest cross join lateral (select status, wake_at from execution_step where execution_id = newest.id offset 0) s`,
    values,
  );
  return rows[0] ?? { executions: 0, succeeded: 0, failed: 0, skipped: 0 };
}
