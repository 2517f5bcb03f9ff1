import { z } from "zod";
import { type ExecutionStatus, executionModeSchema, executionStatusSchema } from "@/flow/execution/status";
import { searchTokens } from "@/server/execution/search/tokens";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { decodeCursor, encodeCursor } from "../cursor";
import { idSchema, instantSchema, parse } from "../parse";
import { eachGroup, groupsOf } from "./filtered";
import { type HeadRow, toHead } from "./read";
import { failureOf } from "./same-error";
import type { ExecutionSummary } from "./types";

export const listExecutionsSchema = z.object({
  flowId: idSchema.optional(),
  status: z.array(executionStatusSchema).max(20).optional(),
  mode: z.array(executionModeSchema).max(20).optional(),
  /** Values in what was given and what steps gave: `order_id = 123`, `customer.city: Paris`, a value alone; joined by `and`. */
  search: z.string().max(500).optional(),
  /** Those that wait for somebody to say what became of a write. */
  needsDecision: z.boolean().default(false),
  /** Id of a failed execution: those that failed as it did. */
  errorLike: idSchema.optional(),
  /** ISO 8601, inclusive. */
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  cursor: z.string().max(500).nullish(),
  /** For callers that page by number; a cursor is cheaper far down the list. */
  offset: z.number().int().min(0).max(10_000).default(0),
  limit: z.number().int().min(1).max(100).default(50),
});

/** Executions that a search answers with. */
const MOST_FOUND = 1_000;
const UNDER_WAY: ExecutionStatus[] = ["queued", "running", "waiting", "paused"];
const FAILED: ExecutionStatus[] = ["failed", "timed_out"];

/** Microseconds since the epoch: a `Date` would round, and rows of the same millisecond be left out. */
const cursorSchema = z.tuple([z.string().regex(/^\d{1,17}$/), idSchema]);

interface Row extends HeadRow {
  flowName: string | null;
  position: string;
}

/** The newest that have all tokens. Their ids sort by time. */
async function findByTokens(tokens: readonly number[]): Promise<string[]> {
  if (tokens.length === 0) return [];
  const { rows } = await sql().query<{ id: string }>(
    `select execution_id as id from execution_search where tokens @> $1::int[] order by execution_id desc limit ${MOST_FOUND}`,
    [tokens],
  );
  return rows.map(({ id }) => id);
}

/** Executions of the organization, newest first. */
export async function listExecutions({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listExecutionsSchema> }): Promise<{
  executions: ExecutionSummary[];
  nextCursor: string | null;
}> {
  const caller = authorize(ctx, "viewer");
  const filter = parse(listExecutionsSchema, input);
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const after = filter.cursor ? decodeCursor(cursorSchema, filter.cursor) : null;
  const olderThan =
    after && `and (x.created_at, x.id) < (timestamptz 'epoch' + ${value(after[0])}::bigint * interval '1 microsecond', ${value(after[1])})`;
  const alike = filter.errorLike === undefined ? null : await failureOf(caller.organizationId, filter.errorLike);
  const failed = alike && `and error_fingerprint(x.error) = ${value(alike.fingerprint)}`;
  const tokens = searchTokens(caller.organizationId, filter.search ?? "");
  const found = filter.search?.trim() && `and x.id = any(${value(await findByTokens(tokens))})`;
  const asks =
    filter.needsDecision &&
    `and x.id in (select execution_id from execution_decision where organization_id = ${value(caller.organizationId)} and state = 'asked')`;
  const most = value(filter.limit + 1 + filter.offset);
  const ranges = eachGroup(
    groupsOf(alike ? FAILED : filter.needsDecision ? UNDER_WAY : filter.status, filter.mode),
    { ...filter, ...(alike && { flowId: alike.flowId }), organizationId: caller.organizationId },
    value,
    (condition) =>
      `select x.* from execution x where ${condition} ${olderThan ?? ""} ${failed ?? ""} ${asks || ""} ${found || ""} order by x.created_at desc, x.id desc limit ${most}`,
  );

  const { rows } = await sql().query<Row>(
    `select e.id, e.flow_id as "flowId", e.flow_version as "flowVersion", e.mode, e.status, e.seq, e.error, e.retry_of_id as "retryOfId",
            e.queued_at as "queuedAt", e.created_at as "createdAt", e.started_at as "startedAt", e.finished_at as "finishedAt",
            (extract(epoch from e.created_at) * 1000000)::bigint::text as position, f.name as "flowName"
     from ${ranges} left join flow f on f.id = e.flow_id and f.organization_id = e.organization_id
     order by e.created_at desc, e.id desc limit ${value(filter.limit + 1)} offset ${value(filter.offset)}`,
    values,
  );
  const page = rows.slice(0, filter.limit);
  const end = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    executions: page.map((row) => {
      const { seq: _seq, ...head } = toHead(row);
      return { ...head, flowName: row.flowName ?? "Deleted flow", retryOfId: row.retryOfId };
    }),
    nextCursor: end ? encodeCursor([end.position, end.id]) : null,
  };
}
