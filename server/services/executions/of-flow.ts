import { z } from "zod";
import type { ExecutionHead } from "@/flow/execution/events";
import type { Json, JsonObject } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { Journal } from "./journal";
import { jsonColumn, toHead } from "./read";

export const flowExecutionSchema = z.object({ flowId: idSchema, id: idSchema });

/** An execution as whoever started it asks for it: how it stands, what it was given and what came of it. */
export interface FlowExecution extends Omit<ExecutionHead, "id" | "seq" | "queuedAt"> {
  executionId: string;
  /** Who started it; null for triggers and API keys. */
  userId: string | null;
  userEmail: string | null;
  retryOfId: string | null;
  /** Variables that it was started with. */
  inputs: JsonObject;
  /** `json` of the last node's items; null until it has succeeded. */
  outputs: Json[] | null;
  /** ISO 8601. */
  createdAt: string;
}

/**
 * One execution of a flow.
 * @throws ServiceError `not_found` when it is another flow's, too.
 */
export async function flowExecution({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof flowExecutionSchema>;
}): Promise<FlowExecution> {
  const { organizationId } = authorize(ctx, "viewer");
  const { flowId, id } = parse(flowExecutionSchema, input);
  const row = await db().execution.findFirst({ where: { id, flowId, organizationId } });
  if (!row) throw notFound("Execution");
  const { id: executionId, seq: _seq, queuedAt: createdAt, ...head } = toHead(row);
  return {
    executionId,
    ...head,
    userId: row.createdById,
    userEmail: await emailOf(row.createdById),
    retryOfId: row.retryOfId,
    inputs: jsonColumn(jsonObjectSchema, row.variables) ?? {},
    outputs: head.status === "succeeded" ? await outputsOf(id, row.lastKey) : null,
    createdAt,
  };
}

async function emailOf(userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const user = await db().user.findUnique({ where: { id: userId }, select: { email: true } });
  return user?.email ?? null;
}

async function outputsOf(id: string, lastKey: string | null): Promise<Json[]> {
  if (lastKey === null) return [];
  const outputs = await (await Journal.read(id)).outputs(lastKey);
  return outputs?.[0]?.map((item) => item.json) ?? [];
}
