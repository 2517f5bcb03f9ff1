import { z } from "zod";
import { actionEffect, actionSchema } from "@/flow/tools/schema";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, line, parse, storable } from "../parse";
import { assertAction, keyTaken, MAX_ACTIONS } from "../tools/check";
import { lockTool } from "../tools/find";
import { freeKey, keyFromName } from "../tools/key";
import { type ActionDetail, actionColumns, toActionDetail } from "../tools/types";

export const createActionSchema = storable(
  z.object({
    ...actionSchema.shape,
    toolId: idSchema,
    name: line(300),
    /** Made from the name when absent. */
    key: actionSchema.shape.key.optional(),
  }),
);

/**
 * A new action of a tool.
 * @throws ServiceError `invalid` that names each template that can't be filled in; `conflict` when the key is taken.
 */
export async function createAction({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof createActionSchema>;
}): Promise<ActionDetail> {
  const caller = authorize(ctx, "editor");
  const { toolId, key: wanted, ...rest } = parse(createActionSchema, input);
  const { organizationId } = caller;
  return db().$transaction(async (tx) => {
    const tool = await lockTool(tx, organizationId, toolId);
    const keys = new Set((await tx.action.findMany({ where: { toolId }, select: { key: true } })).map(({ key }) => key));
    if (keys.size >= MAX_ACTIONS) throw new ServiceError("invalid", `A tool can have ${MAX_ACTIONS} actions. Delete one that is not used.`);
    if (wanted !== undefined && keys.has(wanted)) throw keyTaken("An action of this tool", wanted);
    const action = { ...rest, key: wanted ?? freeKey(keyFromName(rest.name, "action"), (key) => keys.has(key)) };
    assertAction(action, tool);
    const made = await tx.action.create({
      data: {
        ...actionColumns(action),
        organizationId,
        toolId,
        effect: actionEffect(action),
        position: keys.size,
        createdById: caller.userId,
      },
    });
    const data = { name: made.name, key: made.key, tool: tool.key };
    await recordAudit(tx, caller, { action: "action.create", target: `action:${made.id}`, data });
    return toActionDetail(made, tool);
  });
}
