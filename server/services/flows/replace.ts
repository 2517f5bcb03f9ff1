import { z } from "zod";
import { graphSchema } from "@/flow/graph/schema";
import { db } from "@/server/db";
import { registerDraftTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { assertUsableCredentials } from "../credentials/check-graph";
import { ServiceError } from "../errors";
import { idSchema, line, parse, storable, text } from "../parse";
import { checkGraph } from "./check-graph";
import type { CreatedFlow } from "./create";
import { findFlow, lockFlow } from "./find";
import { publishIn } from "./publish";
import { listTriggers } from "./triggers";

export const replaceFlowSchema = z.object({
  id: idSchema,
  name: line(200).optional(),
  description: text(2000).optional(),
  graph: storable(graphSchema),
  /** The revision that the change started from; without it, whatever is there is replaced. */
  revision: z.number().int().positive().optional(),
  publish: z.boolean().default(false),
});

/**
 * Puts another draft in a flow's place, and publishes it where that is asked for: all of it or nothing.
 * @throws ServiceError `conflict` when the draft was saved by someone else since `revision`; `invalid` as `publishFlow`.
 */
export async function replaceFlow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof replaceFlowSchema>;
}): Promise<CreatedFlow & { revision: number }> {
  const caller = authorize(ctx, "editor");
  const { id, name, description, graph, revision, publish } = parse(replaceFlowSchema, input);
  return db().$transaction(async (tx) => {
    await lockFlow(tx, caller.organizationId, id);
    const before = await findFlow(tx, caller.organizationId, id);
    if (revision !== undefined && before.revision !== revision) {
      throw new ServiceError(
        "conflict",
        `The draft has the revision ${before.revision}; the change started from ${revision}. Load it again first.`,
      );
    }
    await assertUsableCredentials(tx, caller, graph, id);
    const flow = await tx.flow.update({
      where: { id },
      data: {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description: description || null }),
        draft: graph,
        revision: before.revision + 1,
      },
    });
    await registerDraftTriggers(tx, flow, graph);
    await recordAudit(tx, caller, { action: "flow.replace", target: `flow:${id}`, data: { revision: flow.revision } });
    const result = publish
      ? await publishIn(tx, caller, id)
      : { id, version: null, triggers: await listTriggers(tx, flow, graph), issues: checkGraph(graph) };
    return { ...result, revision: flow.revision };
  });
}
