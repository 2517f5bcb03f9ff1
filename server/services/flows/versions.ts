import { z } from "zod";
import type { Graph } from "@/flow/graph/schema";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { findFlow, storedGraph } from "./find";
import { flowIdSchema } from "./get";

export interface FlowVersionSummary {
  version: number;
  createdAt: string;
  /** Null when an API key or a person who left published it. */
  createdBy: { id: string; name: string | null; email: string } | null;
  /** Triggers run this one. */
  published: boolean;
}

/** Published versions, newest first. */
export async function listFlowVersions({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof flowIdSchema>;
}): Promise<{ versions: FlowVersionSummary[] }> {
  const caller = authorize(ctx, "viewer");
  const { id } = parse(flowIdSchema, input);
  const flow = await findFlow(db(), caller.organizationId, id);
  const rows = await db().flowVersion.findMany({
    where: { flowId: id },
    omit: { graph: true },
    orderBy: { version: "desc" },
    take: 200,
  });
  const authors = await db().user.findMany({
    where: { id: { in: rows.flatMap((row) => row.createdById ?? []) }, members: { some: { organizationId: caller.organizationId } } },
    select: { id: true, name: true, email: true },
  });
  return {
    versions: rows.map((row) => ({
      version: row.version,
      createdAt: row.createdAt.toISOString(),
      createdBy: authors.find((author) => author.id === row.createdById) ?? null,
      published: row.version === flow.publishedVersion,
    })),
  };
}

export const flowVersionSchema = z.object({ flowId: idSchema, version: z.number().int().positive() });

/** One published version. */
export async function getFlowVersion({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof flowVersionSchema> }): Promise<{
  flowId: string;
  version: number;
  createdAt: string;
  graph: Graph;
}> {
  const caller = authorize(ctx, "viewer");
  const { flowId, version } = parse(flowVersionSchema, input);
  await findFlow(db(), caller.organizationId, flowId);
  const row = await db().flowVersion.findUnique({ where: { flowId_version: { flowId, version } } });
  if (!row) throw notFound("Version");
  return { flowId, version, createdAt: row.createdAt.toISOString(), graph: storedGraph(row.graph) };
}
