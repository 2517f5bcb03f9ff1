import { z } from "zod";
import { type ActionDefinition, actionEffect, actionSchema } from "@/flow/tools/schema";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, line, parse, storable } from "../parse";
import { assertAction } from "../tools/check";
import { lockTool } from "../tools/find";
import { type ActionDetail, actionColumns, toActionDefinition, toActionDetail } from "../tools/types";
import { findAction } from "./find";

const { shape } = actionSchema;

/** Null takes a value away; what is absent stays. */
export const updateActionSchema = storable(
  z.object({
    id: idSchema,
    name: line(300).optional(),
    description: shape.description.nullable(),
    group: shape.group.nullable(),
    method: shape.method.unwrap().optional(),
    endpoint: shape.endpoint.unwrap().optional(),
    headers: shape.headers.unwrap().optional(),
    query: shape.query.unwrap().optional(),
    queryStyles: shape.queryStyles.nullable(),
    bodyType: shape.bodyType.nullable(),
    body: shape.body.nullable(),
    formStyle: shape.formStyle.nullable(),
    contentType: shape.contentType.nullable(),
    inputSchema: shape.inputSchema.unwrap().optional(),
    effect: shape.effect.nullable(),
    sample: shape.sample.nullable(),
    deprecated: shape.deprecated,
    /** Flows refer to both: they can be sent as they are, never changed. */
    key: z.string().max(200).optional(),
    toolId: z.string().max(200).optional(),
  }),
);

/**
 * Changes what is given and leaves the rest; flows call the changed action from their next execution on.
 * @throws ServiceError `invalid` that names each template that can't be filled in.
 */
export async function updateAction({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof updateActionSchema>;
}): Promise<ActionDetail> {
  const caller = authorize(ctx, "editor");
  const { id, key, toolId, ...given } = parse(updateActionSchema, input);
  return db().$transaction(async (tx) => {
    const tool = await lockTool(tx, caller.organizationId, (await findAction(tx, caller.organizationId, id)).toolId);
    const action = await findAction(tx, caller.organizationId, id);
    if ((key !== undefined && key !== action.key) || (toolId !== undefined && toolId !== action.toolId)) {
      const field = key !== undefined && key !== action.key ? "key" : "toolId";
      throw new ServiceError("invalid", `${field}: flows refer to the action as "${tool.key}/${action.key}", so it stays`, {
        issues: [{ field, message: "can't be changed", code: "immutable" }],
      });
    }
    const before = toActionDefinition(action);
    const next: Record<string, unknown> = { ...before };
    // The method decides again what a call means, unless someone said so.
    if (given.method !== undefined && given.method !== before.method) delete next.effect;
    for (const [field, value] of Object.entries(given)) {
      if (value === null) delete next[field];
      else if (value !== undefined) next[field] = value;
    }
    const definition: ActionDefinition = parse(actionSchema, next);
    assertAction(definition, tool);
    const updated = await tx.action.update({
      where: { id },
      data: { ...actionColumns(definition), effect: actionEffect(definition), version: { increment: 1 } },
    });
    const changed = Object.keys(given).filter((field) => given[field as keyof typeof given] !== undefined);
    await recordAudit(tx, caller, {
      action: "action.update",
      target: `action:${id}`,
      data: { name: updated.name, version: updated.version, changed },
    });
    return toActionDetail(updated, tool);
  });
}
