import type { z } from "zod";
import { db } from "@/server/db";
import { registerDraftTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { withUsableCredentials } from "../credentials/check-graph";
import { parse } from "../parse";
import { findFlow, storedGraph } from "./find";
import { flowIdSchema } from "./get";

const SUFFIX = " (copy)";

/** A new flow with a copy of the draft; unpublished, inactive and with webhook URLs of its own. */
export async function duplicateFlow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof flowIdSchema>;
}): Promise<{ id: string; name: string }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(flowIdSchema, input);
  return db().$transaction(async (tx) => {
    const source = await findFlow(tx, caller.organizationId, id);
    const graph = await withUsableCredentials(tx, caller, storedGraph(source.draft));
    const name = `${source.name.slice(0, 200 - SUFFIX.length)}${SUFFIX}`;
    const flow = await tx.flow.create({
      data: { organizationId: caller.organizationId, name, description: source.description, draft: graph, createdById: caller.userId },
    });
    await registerDraftTriggers(tx, flow, graph);
    await recordAudit(tx, caller, { action: "flow.duplicate", target: `flow:${flow.id}`, data: { name, from: id } });
    return { id: flow.id, name };
  });
}
