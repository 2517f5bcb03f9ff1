import { z } from "zod";
import { isAllowedHost } from "@/flow/tools/check-action";
import { toolSchema } from "@/flow/tools/schema";
import type { Prisma } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, line, parse, storable } from "../parse";
import { assertTool } from "./check";
import { lockTool } from "./find";
import { storedAuth, type ToolSummary, toToolSummary } from "./types";

const { baseUrl, auth, allowedHosts, description, icon } = toolSchema.shape;

export const updateToolSchema = storable(
  z.object({
    id: idSchema,
    name: line(200).optional(),
    description: description.nullable(),
    baseUrl: baseUrl.optional(),
    auth: auth.unwrap().optional(),
    icon: icon.nullable(),
    allowedHosts: allowedHosts.unwrap().optional(),
    /** Flows refer to it: it can be sent as it is, never changed. */
    key: z.string().max(200).optional(),
  }),
);

/**
 * Changes what is given and leaves the rest.
 * @throws ServiceError `invalid`, also when an action calls a host that would not be allowed any more.
 */
export async function updateTool({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof updateToolSchema> }): Promise<ToolSummary> {
  const caller = authorize(ctx, "editor");
  const { id, key, ...given } = parse(updateToolSchema, input);
  return db().$transaction(async (tx) => {
    const tool = await lockTool(tx, caller.organizationId, id);
    if (key !== undefined && key !== tool.key) {
      throw new ServiceError("invalid", `key: flows refer to the tool as "${tool.key}", so its key stays`, {
        issues: [{ field: "key", message: "can't be changed", code: "immutable" }],
      });
    }
    const next = {
      baseUrl: given.baseUrl ?? tool.baseUrl,
      auth: given.auth ?? storedAuth(tool.auth),
      allowedHosts: given.allowedHosts ?? tool.allowedHosts,
    };
    assertTool(next);
    const elsewhere = await tx.action.findMany({
      where: { toolId: id, endpoint: { startsWith: "http", mode: "insensitive" } },
      select: { name: true, endpoint: true },
    });
    for (const { name, endpoint } of elsewhere) {
      const { host } = new URL(endpoint.replaceAll(/[{}]/g, "x"));
      if (isAllowedHost(host, next)) continue;
      throw new ServiceError("invalid", `allowedHosts: the action "${name}" calls "${host}"; change it first, or keep the host allowed`, {
        issues: [{ field: "allowedHosts", message: `the action "${name}" calls "${host}"`, code: "in_use" }],
      });
    }
    const data: Prisma.ToolUpdateInput = {
      ...next,
      ...(given.name !== undefined && { name: given.name }),
      ...(given.description !== undefined && { description: given.description || null }),
      ...(given.icon !== undefined && { icon: given.icon || null }),
    };
    const [updated, actionCount] = [await tx.tool.update({ where: { id }, data }), await tx.action.count({ where: { toolId: id } })];
    const changed = Object.keys(given).filter((field) => given[field as keyof typeof given] !== undefined);
    await recordAudit(tx, caller, { action: "tool.update", target: `tool:${id}`, data: { name: updated.name, changed } });
    return toToolSummary(updated, actionCount);
  });
}
