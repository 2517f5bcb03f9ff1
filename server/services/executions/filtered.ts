import { type ExecutionMode, type ExecutionStatus, executionModeSchema, executionStatusSchema } from "@/flow/execution/status";

export interface ExecutionFilter {
  organizationId: string;
  flowId?: string;
  /** All of them when absent or empty. */
  status?: readonly ExecutionStatus[];
  mode?: readonly ExecutionMode[];
  /** Inclusive; of `created_at`. */
  from?: Date;
  to?: Date;
}

/** Collects a statement's values; answers their places. */
export type Place = (value: unknown) => string;

/**
 * SQL that walks, for each wanted status and mode, its own range of the index that has both before the time: a rare combination
 * costs no more than a common one. `walk` makes each range's select from its condition; `e` is what they give together.
 */
export function eachRange(filter: ExecutionFilter, place: Place, walk: (condition: string) => string): string {
  const wanted = <T>(values: readonly T[] | undefined, all: readonly T[]) => [...new Set(values?.length ? values : all)];
  const conditions = [
    // Both indexes begin with a thing of the organization; its id is checked in either case.
    `x.organization_id = ${place(filter.organizationId)}`,
    filter.flowId !== undefined && `x.flow_id = ${place(filter.flowId)}`,
    "x.status = statuses.status and x.mode = modes.mode",
    filter.from && `x.created_at >= ${place(filter.from)}`,
    filter.to && `x.created_at <= ${place(filter.to)}`,
  ];
  return `unnest(${place(wanted(filter.status, executionStatusSchema.options))}::text[]) as statuses(status)
    cross join unnest(${place(wanted(filter.mode, executionModeSchema.options))}::text[]) as modes(mode)
    cross join lateral (${walk(conditions.filter(Boolean).join(" and "))}) e`;
}
