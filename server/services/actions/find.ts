import type { ActionDefinition, ToolDefinition } from "@/flow/tools/schema";
import type { Action, Tool } from "@/prisma/generated/client";
import { catalogTool } from "@/server/catalog";
import { CATALOG_VERSION } from "@/server/catalog/ready-action";
import type { Db } from "@/server/db";
import { notFound } from "../errors";

/**
 * An action of the organization with its tool.
 * @throws ServiceError `not_found`, for another organization's action too.
 */
export async function findAction(tx: Db, organizationId: string, id: string): Promise<Action & { tool: Tool }> {
  const action = await tx.action.findFirst({ where: { id, organizationId }, include: { tool: true } });
  if (!action) throw notFound("Action");
  return action;
}

/** An action of the catalog by `tool.action`, such as `github.create-issue`; null for any other id. */
export async function findReadyAction(
  id: string,
): Promise<{ id: string; version: number; action: ActionDefinition; tool: ToolDefinition & { id: null } } | null> {
  const [toolKey = "", actionKey = ""] = id.split(".");
  const ready = actionKey === "" ? null : await catalogTool(toolKey);
  const action = ready?.actions.find(({ key }) => key === actionKey);
  if (!ready || !action) return null;
  const { actions: _actions, test: _test, ...tool } = ready;
  return { id: `${toolKey}.${actionKey}`, version: CATALOG_VERSION, action, tool: { ...tool, id: null } };
}
