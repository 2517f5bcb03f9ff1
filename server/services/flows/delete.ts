import type { z } from "zod";
import { db } from "@/server/db";
import { rescheduleTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import { findFlow } from "./find";
import { flowIdSchema } from "./get";

type Call = { ctx: ServiceContext; input: z.input<typeof flowIdSchema> };

/** Hides a flow and stops its triggers; `restoreFlow` undoes it. Executions under way go on. */
export async function deleteFlow({ ctx, input }: Call): Promise<{ id: string }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(flowIdSchema, input);
  return db().$transaction(async (tx) => {
    const flow = await findFlow(tx, caller.organizationId, id);
    await tx.flow.update({ where: { id }, data: { deletedAt: new Date() } });
    await recordAudit(tx, caller, { action: "flow.delete", target: `flow:${id}`, data: { name: flow.name } });
    return { id };
  });
}

/** Brings a deleted flow back as it was; one that is not deleted stays as it is. */
export async function restoreFlow({ ctx, input }: Call): Promise<{ id: string }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(flowIdSchema, input);
  return db().$transaction(async (tx) => {
    const flow = await tx.flow.findFirst({ where: { id, organizationId: caller.organizationId } });
    if (!flow) throw notFound("Flow");
    if (flow.deletedAt === null) return { id };
    await tx.flow.update({ where: { id }, data: { deletedAt: null } });
    await rescheduleTriggers(tx, flow);
    await recordAudit(tx, caller, { action: "flow.restore", target: `flow:${id}`, data: { name: flow.name } });
    return { id };
  });
}
