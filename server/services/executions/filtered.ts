import { type ExecutionMode, type ExecutionStatus, executionModeSchema, executionStatusSchema } from "@/flow/execution/status";

export interface ExecutionFilter {
  organizationId: string;
  flowId?: string;
  /** Inclusive; of `created_at`. */
  from?: Date;
  to?: Date;
}

/** Executions of one status and mode: a range of the index that has both before the time. */
export interface Group {
  status: ExecutionStatus;
  mode: ExecutionMode;
}

/** Collects a statement's values; answers their places. */
export type Place = (value: unknown) => string;

/** Every group of some statuses and modes; all of them where none are given. */
export function groupsOf(statuses: readonly ExecutionStatus[] = [], modes: readonly ExecutionMode[] = []): Group[] {
  const wanted = <T>(values: readonly T[], all: readonly T[]) => (values.length > 0 ? [...new Set(values)] : all);
  return wanted(statuses, executionStatusSchema.options).flatMap((status) =>
    wanted(modes, executionModeSchema.options).map((mode) => ({ status, mode })),
  );
}

/** SQL condition on the execution `x`. */
export function conditionOf({ organizationId, flowId, from, to }: ExecutionFilter, place: Place): string {
  const organization = place(organizationId);
  const flow = flowId === undefined ? null : place(flowId);
  const conditions = [
    // A flow's organization is asked once: a condition on each row would have the planner walk the organization's index, and
    // pass over everybody else's rows, or visit rows that the index alone can count.
    flow === null
      ? `x.organization_id = ${organization}`
      : `x.flow_id = ${flow} and (select exists (select 1 from flow where id = ${flow} and organization_id = ${organization}))`,
    from && `x.created_at >= ${place(from)}`,
    to && `x.created_at <= ${place(to)}`,
  ];
  return conditions.filter(Boolean).join(" and ");
}

/**
 * SQL that walks each group by itself, so that a rare one is found at the price of a common one. `walk` makes each walk's select
 * from its condition; `e` is what they give together.
 */
export function eachGroup(groups: readonly Group[], filter: ExecutionFilter, place: Place, walk: (condition: string) => string): string {
  const statuses = place(groups.map(({ status }) => status));
  const modes = place(groups.map(({ mode }) => mode));
  return `unnest(${statuses}::text[], ${modes}::text[]) as wanted(status, mode)
    cross join lateral (${walk(`x.status = wanted.status and x.mode = wanted.mode and ${conditionOf(filter, place)}`)}) e`;
}
