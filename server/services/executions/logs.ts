import { z } from "zod";
import type { Json } from "@/flow/item";
import type { LogLevel } from "@/flow/node/context";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { decodeCursor, encodeCursor } from "../cursor";
import { idSchema, parse } from "../parse";
import { findHead } from "./read";

const levels: readonly [LogLevel, ...LogLevel[]] = ["debug", "info", "warn", "error"];

export const executionLogsSchema = z.object({
  id: idSchema,
  /** All of them when absent or empty. */
  level: z.array(z.enum(levels)).max(8).optional(),
  /** Of one visit of a node: `nodeId#runIndex`. */
  stepKey: idSchema.optional(),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(500).default(100),
});

const cursorSchema = z.string().regex(/^\d{1,18}$/);

export interface LogLine {
  id: string;
  /** Null for what the execution itself said. */
  stepKey: string | null;
  nodeId: string | null;
  level: LogLevel;
  message: string;
  data: Json;
  /** ISO 8601. */
  at: string;
}

/** What the steps of an execution logged, oldest first. */
export async function executionLogs({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionLogsSchema>;
}): Promise<{ logs: LogLine[]; nextCursor: string | null }> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id, level, stepKey, cursor, limit } = parse(executionLogsSchema, input);
  await findHead(organizationId, id);
  const rows = await db().executionLog.findMany({
    where: {
      executionId: id,
      organizationId,
      stepKey,
      ...(level?.length && { level: { in: level } }),
      ...(cursor && { id: { gt: BigInt(decodeCursor(cursorSchema, cursor)) } }),
    },
    orderBy: { id: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const end = rows.length > limit ? page.at(-1) : undefined;
  return {
    logs: page.map((line) => ({
      id: String(line.id),
      stepKey: line.stepKey,
      nodeId: line.stepKey?.replace(/#\d+$/, "") ?? null,
      level: line.level as LogLevel,
      message: line.message,
      data: line.data === null ? null : parseLogData(line.data),
      at: line.at.toISOString(),
    })),
    nextCursor: end ? encodeCursor(String(end.id)) : null,
  };
}

/** Long data was cut when it was written, and is no JSON any more. */
export function parseLogData(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
