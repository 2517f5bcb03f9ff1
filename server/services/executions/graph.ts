import type { z } from "zod";
import { type FrozenGraph, frozenGraphSchema } from "@/flow/graph/schema";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { storedGraph } from "../flows/find";
import { parse } from "../parse";
import { executionIdSchema } from "./snapshot";
import type { ExecutionGraph } from "./types";

/** The graph that an execution started with: its version's, or the draft as it was. */
export async function frozenGraph(execution: {
  flowId: string;
  flowVersion: number | null;
  draftGraph: string | null;
}): Promise<FrozenGraph> {
  if (execution.draftGraph !== null) return frozenGraphSchema.parse(JSON.parse(execution.draftGraph));
  if (execution.flowVersion === null) throw new Error("An execution has neither a version nor a frozen draft");
  const version = await db().flowVersion.findUniqueOrThrow({
    where: { flowId_version: { flowId: execution.flowId, version: execution.flowVersion } },
    select: { graph: true },
  });
  return storedGraph(version.graph);
}

/** What an execution runs on. */
export async function executionGraph({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<ExecutionGraph> {
  const caller = authorize(ctx, "viewer");
  const { id } = parse(executionIdSchema, input);
  const execution = await db().execution.findFirst({
    where: { id, organizationId: caller.organizationId },
    select: { flowId: true, flowVersion: true, draftGraph: true },
  });
  if (!execution) throw notFound("Execution");
  const [graph, flow] = await Promise.all([
    frozenGraph(execution),
    db().flow.findUnique({ where: { id: execution.flowId }, select: { name: true, deletedAt: true } }),
  ]);
  return {
    executionId: id,
    flowId: execution.flowId,
    flowName: flow?.name ?? "Deleted flow",
    flowVersion: execution.flowVersion,
    flowExists: flow !== null && flow.deletedAt === null,
    graph,
  };
}
