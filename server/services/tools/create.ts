import { z } from "zod";
import { toolSchema } from "@/flow/tools/schema";
import { isCatalogKey } from "@/server/catalog";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { line, parse, storable } from "../parse";
import { assertTool, keyTaken, MAX_TOOLS } from "./check";
import { freeKey, keyFromName } from "./key";
import { type ToolSummary, toToolSummary } from "./types";

export const createToolSchema = storable(
  z.object({
    ...toolSchema.shape,
    name: line(200),
    /** Made from the name when absent. */
    key: toolSchema.shape.key.optional(),
  }),
);

/**
 * Registers an API.
 * @throws ServiceError `conflict` when the key is taken.
 */
export async function createTool({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof createToolSchema> }): Promise<ToolSummary> {
  const caller = authorize(ctx, "editor");
  const { key: wanted, ...tool } = parse(createToolSchema, input);
  assertTool(tool);
  const { organizationId } = caller;
  return db().$transaction(async (tx) => {
    await tx.$queryRaw`select id from organization where id = ${organizationId} for update`;
    const keys = new Set((await tx.tool.findMany({ where: { organizationId }, select: { key: true } })).map(({ key }) => key));
    if (keys.size >= MAX_TOOLS)
      throw new ServiceError("invalid", `An organization can have ${MAX_TOOLS} tools. Delete one that is not used.`);
    const isTaken = (key: string): boolean => keys.has(key) || isCatalogKey(key);
    if (wanted !== undefined && isTaken(wanted)) throw keyTaken("A tool", wanted);
    const made = await tx.tool.create({
      data: {
        organizationId,
        key: wanted ?? freeKey(keyFromName(tool.name, "tool"), isTaken),
        name: tool.name,
        description: tool.description || null,
        baseUrl: tool.baseUrl,
        auth: tool.auth,
        icon: tool.icon || null,
        allowedHosts: tool.allowedHosts,
        createdById: caller.userId,
      },
    });
    await recordAudit(tx, caller, { action: "tool.create", target: `tool:${made.id}`, data: { name: made.name, key: made.key } });
    return toToolSummary(made, 0);
  });
}
