import { z } from "zod";
import { graphSchema } from "@/flow/graph/schema";
import type { GraphIssue } from "@/flow/graph/validate";
import { db } from "@/server/db";
import { registerDraftTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { assertUsableCredentials } from "../credentials/check-graph";
import { ServiceError } from "../errors";
import { idSchema, parse, storable } from "../parse";
import { checkGraph } from "./check-graph";
import { findFlow } from "./find";
import { flowReferenceIssues } from "./flow-references";
import { listTriggers } from "./triggers";
import type { FlowTrigger } from "./types";

export const saveDraftSchema = z.object({
  id: idSchema,
  graph: storable(graphSchema),
  /** The revision that the edit started from. */
  revision: z.number().int().positive(),
});

export interface SavedDraft {
  revision: number;
  updatedAt: string;
  /** What would keep it from being published. */
  issues: GraphIssue[];
  triggers: FlowTrigger[];
}

/**
 * Saves the draft. Its shape must be right; mistakes in its meaning are saved and told, because a person is still at work.
 * @throws ServiceError `conflict` when the draft was saved by someone else since `revision`.
 */
export async function saveDraft({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof saveDraftSchema> }): Promise<SavedDraft> {
  const caller = authorize(ctx, "editor");
  const { id, graph, revision } = parse(saveDraftSchema, input);
  const issues = checkGraph(graph);
  return db().$transaction(async (tx) => {
    await assertUsableCredentials(tx, caller, graph, id);
    const { count } = await tx.flow.updateMany({
      where: { id, organizationId: caller.organizationId, deletedAt: null, revision },
      data: { draft: graph, revision: revision + 1 },
    });
    const flow = await findFlow(tx, caller.organizationId, id);
    if (count === 0) {
      throw new ServiceError(
        "conflict",
        `The draft was saved elsewhere in the meantime (revision ${flow.revision}, yours started from ${revision}). Load it again before saving.`,
      );
    }
    await registerDraftTriggers(tx, flow, graph);
    await recordAudit(tx, caller, { action: "flow.saveDraft", target: `flow:${id}`, data: { revision: flow.revision } });
    const references = await flowReferenceIssues(tx, caller.organizationId, graph);
    return {
      revision: flow.revision,
      updatedAt: flow.updatedAt.toISOString(),
      issues: [...issues, ...references],
      triggers: await listTriggers(tx, flow, graph),
    };
  });
}
