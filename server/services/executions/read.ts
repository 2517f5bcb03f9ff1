import { z } from "zod";
import { type ExecutionHead, executionHeadSchema, type StepRecord, stepErrorSchema, stepRecordSchema } from "@/flow/execution/events";
import type { Execution, ExecutionStep, Prisma } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { notFound } from "../errors";

/** Columns of a list or head: never the payloads. */
export const HEAD_COLUMNS = {
  id: true,
  flowId: true,
  flowVersion: true,
  mode: true,
  status: true,
  seq: true,
  error: true,
  retryOfId: true,
  queuedAt: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
} satisfies Prisma.ExecutionSelect;

const RECORD_COLUMNS = {
  seq: true,
  key: true,
  nodeId: true,
  runIndex: true,
  attempt: true,
  status: true,
  counts: true,
  error: true,
  startedAt: true,
  finishedAt: true,
  wakeAt: true,
} satisfies Prisma.ExecutionStepSelect;

export type HeadRow = Pick<Execution, keyof typeof HEAD_COLUMNS>;

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** JSON text of a column; null when it holds none. */
export const jsonColumn = <S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null =>
  text === null ? null : schema.parse(JSON.parse(text));

const executionErrorSchema = z.object({
  nodeId: z.string().nullable().default(null),
  nodeName: z.string().nullable().default(null),
  message: z.string(),
});

export const toHead = (row: HeadRow): ExecutionHead =>
  executionHeadSchema.parse({
    id: row.id,
    flowId: row.flowId,
    flowVersion: row.flowVersion,
    mode: row.mode,
    status: row.status,
    seq: row.seq,
    error: jsonColumn(executionErrorSchema, row.error),
    queuedAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  });

const toRecord = (row: Pick<ExecutionStep, keyof typeof RECORD_COLUMNS>): StepRecord =>
  stepRecordSchema.parse({
    seq: row.seq,
    key: row.key,
    nodeId: row.nodeId,
    runIndex: row.runIndex,
    attempt: row.attempt,
    status: row.status,
    counts: row.counts,
    error: jsonColumn(stepErrorSchema, row.error),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    wakeAt: iso(row.wakeAt),
  });

/**
 * The head of an execution of the organization.
 * @throws ServiceError `not_found`, for another organization's execution too.
 */
export async function findHead(organizationId: string, id: string): Promise<ExecutionHead> {
  const row = await db().execution.findFirst({ where: { id, organizationId }, select: HEAD_COLUMNS });
  if (!row) throw notFound("Execution");
  return toHead(row);
}

/** Journal records after a position, in order. */
export async function recordsAfter(executionId: string, seq: number): Promise<StepRecord[]> {
  const rows = await db().executionStep.findMany({
    where: { executionId, seq: { gt: seq } },
    select: RECORD_COLUMNS,
    orderBy: { seq: "asc" },
  });
  return rows.map(toRecord);
}
