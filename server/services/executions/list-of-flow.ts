import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { listExecutions, type listExecutionsSchema } from "./list";
import type { ExecutionSummary } from "./types";

const ofFlowSchema = z.object({ flowId: idSchema });

/** An execution in the list of its flow, without what it was given and what came of it. */
export interface ListedExecution extends Omit<ExecutionSummary, "id" | "queuedAt"> {
  executionId: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Executions of one flow, newest first; a deleted flow's as long as they are kept. */
export async function listFlowExecutions({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof listExecutionsSchema> & { flowId: string };
}): Promise<{ executions: ListedExecution[]; nextCursor: string | null }> {
  const { organizationId } = authorize(ctx, "viewer");
  const { flowId } = parse(ofFlowSchema, { flowId: input.flowId });
  if (!(await db().flow.findFirst({ where: { id: flowId, organizationId }, select: { id: true } }))) throw notFound("Flow");
  const { executions, nextCursor } = await listExecutions({ ctx, input });
  return {
    executions: executions.map(({ id, queuedAt, ...execution }) => ({ executionId: id, ...execution, createdAt: queuedAt })),
    nextCursor,
  };
}
