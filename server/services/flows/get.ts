import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findFlow, storedGraph } from "./find";
import { listTriggers } from "./triggers";
import type { FlowDetail } from "./types";

export const flowIdSchema = z.object({ id: idSchema });

/** A flow with its draft. */
export async function getFlow({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof flowIdSchema> }): Promise<FlowDetail> {
  const caller = authorize(ctx, "viewer");
  const { id } = parse(flowIdSchema, input);
  const flow = await findFlow(db(), caller.organizationId, id);
  const graph = storedGraph(flow.draft);
  const [published, triggers] = await Promise.all([
    flow.publishedVersion === null
      ? null
      : db().flowVersion.findUnique({ where: { flowId_version: { flowId: id, version: flow.publishedVersion } }, select: { graph: true } }),
    listTriggers(db(), flow, graph),
  ]);
  return {
    id: flow.id,
    name: flow.name,
    description: flow.description,
    active: flow.active,
    publishedVersion: flow.publishedVersion,
    createdAt: flow.createdAt.toISOString(),
    updatedAt: flow.updatedAt.toISOString(),
    graph,
    revision: flow.revision,
    hasUnpublishedChanges: !published || !isDeepStrictEqual(published.graph, flow.draft),
    triggers,
  };
}
