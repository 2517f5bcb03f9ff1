import { z } from "zod";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { GraphIssue } from "@/flow/graph/validate";
import type { Remembered } from "@/flow/n8n/static-data";
import { db } from "@/server/db";
import { keepStaticData } from "@/server/storage/static-data";
import { registerDraftTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { withUsableCredentials } from "../credentials/check-graph";
import { line, parse, storable, text } from "../parse";
import { checkGraph } from "./check-graph";
import { publishIn } from "./publish";
import { listTriggers } from "./triggers";
import type { FlowTrigger } from "./types";

const EMPTY: Graph = { nodes: [], edges: [], settings: {}, variables: {} };

export const createFlowSchema = z.object({
  name: line(200).default("Untitled flow"),
  description: text(2000).optional(),
  graph: storable(graphSchema).default(EMPTY),
  /** Publishes it in the same transaction: either all of it happens or nothing. */
  publish: z.boolean().default(false),
});

export interface CreatedFlow {
  id: string;
  /** Null when it was not published. */
  version: number | null;
  triggers: FlowTrigger[];
  /** What would keep it from being published; once it is, warnings. */
  issues: GraphIssue[];
}

/**
 * A new flow with the given draft. Without `publish` it is inactive, and its graph may still have mistakes.
 * @throws ServiceError `invalid` naming node, field and reason, when it should be published and cannot.
 */
export async function createFlow({
  ctx,
  input,
  remembered = [],
}: {
  ctx: ServiceContext;
  input: z.input<typeof createFlowSchema>;
  /** What its code goes on with, of a flow that was somewhere else before. */
  remembered?: readonly Remembered[];
}): Promise<CreatedFlow> {
  const caller = authorize(ctx, "editor");
  const { name, description, graph: given, publish } = parse(createFlowSchema, input);
  return db().$transaction(async (tx) => {
    const graph = await withUsableCredentials(tx, caller, given);
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
    await keepStaticData(tx, { organizationId: caller.organizationId, flowId: flow.id }, remembered);
    await recordAudit(tx, caller, { action: "flow.create", target: `flow:${flow.id}`, data: { name } });
    if (publish) return publishIn(tx, caller, flow.id);
    return { id: flow.id, version: null, triggers: await listTriggers(tx, flow, graph), issues: checkGraph(graph) };
  });
}
