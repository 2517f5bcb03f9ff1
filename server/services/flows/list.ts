import { z } from "zod";
import { executionStatusSchema } from "@/flow/execution/status";
import { db } from "@/server/db";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { decodeCursor, encodeCursor } from "../cursor";
import { idSchema, instantSchema, parse } from "../parse";
import { triggerFailures } from "./trigger-failures";
import type { FlowSummary } from "./types";

export const listFlowsSchema = z.object({
  /** Part of a name or description. */
  search: z.string().max(200).optional(),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});

const cursorSchema = z.tuple([instantSchema, idSchema]);

/** Flows of the organization, last changed first. */
export async function listFlows({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listFlowsSchema> }): Promise<{
  flows: FlowSummary[];
  nextCursor: string | null;
}> {
  const caller = authorize(ctx, "viewer");
  const { search, cursor, limit } = parse(listFlowsSchema, input);
  const after = cursor ? decodeCursor(cursorSchema, cursor) : null;
  const text = search?.replaceAll("\u0000", "").trim();

  const rows = await db().flow.findMany({
    where: {
      organizationId: caller.organizationId,
      deletedAt: null,
      AND: [
        text ? { OR: [{ name: { contains: text, mode: "insensitive" } }, { description: { contains: text, mode: "insensitive" } }] } : {},
        after ? { OR: [{ updatedAt: { lt: after[0] } }, { updatedAt: after[0], id: { lt: after[1] } }] } : {},
      ],
    },
    omit: { draft: true },
    orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const [last, failures] = await Promise.all([
    lastExecutions(page.map((flow) => flow.id)),
    triggerFailures(page.filter((flow) => flow.active).map((flow) => flow.id)),
  ]);
  const end = rows.length > limit ? page.at(-1) : undefined;
  return {
    flows: page.map((flow) => ({
      id: flow.id,
      name: flow.name,
      description: flow.description,
      active: flow.active,
      publishedVersion: flow.publishedVersion,
      createdAt: flow.createdAt.toISOString(),
      updatedAt: flow.updatedAt.toISOString(),
      lastExecution: last.get(flow.id) ?? null,
      triggerFailure: failures.get(flow.id) ?? null,
    })),
    nextCursor: end ? encodeCursor([end.updatedAt.toISOString(), end.id]) : null,
  };
}

/** One index lookup a flow, however long its history. */
async function lastExecutions(flowIds: string[]): Promise<Map<string, NonNullable<FlowSummary["lastExecution"]>>> {
  if (flowIds.length === 0) return new Map();
  const { rows } = await sql().query<{ flow_id: string; id: string; status: string; created_at: Date; finished_at: Date | null }>({
    name: "flows-last-execution",
    text: `select f.id as flow_id, e.id, e.status, e.created_at, e.finished_at
           from unnest($1::text[]) as f(id)
           cross join lateral (
             select id, status, created_at, finished_at from execution where flow_id = f.id order by created_at desc limit 1
           ) e`,
    values: [flowIds],
  });
  return new Map(
    rows.map((row) => [
      row.flow_id,
      {
        id: row.id,
        status: executionStatusSchema.parse(row.status),
        createdAt: row.created_at.toISOString(),
        finishedAt: row.finished_at?.toISOString() ?? null,
      },
    ]),
  );
}
