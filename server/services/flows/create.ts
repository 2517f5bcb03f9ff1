import { z } from "zod";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import { db } from "@/server/db";
import { registerDraftTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { line, parse, storable } from "../parse";

const EMPTY: Graph = { nodes: [], edges: [], settings: {}, variables: {} };

export const createFlowSchema = z.object({
  name: line(200).default("Untitled flow"),
  description: z.string().trim().max(2000).optional(),
  graph: storable(graphSchema).default(EMPTY),
});

/** A new flow with the given draft, inactive and unpublished. Its graph may still have mistakes: publishing refuses those. */
export async function createFlow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof createFlowSchema>;
}): Promise<{ id: string }> {
  const caller = authorize(ctx, "editor");
  const { name, description, graph } = parse(createFlowSchema, input);
  return db().$transaction(async (tx) => {
    const flow = await tx.flow.create({
      data: {
        organizationId: caller.organizationId,
        name,
        description: description || null,
        draft: graph,
        createdById: caller.userId,
      },
    });
    await registerDraftTriggers(tx, flow, graph);
    await recordAudit(tx, caller, { action: "flow.create", target: `flow:${flow.id}`, data: { name } });
    return { id: flow.id };
  });
}
