import { FatalError } from "@/flow/execution/errors";
import type { ActionReference } from "@/flow/node/context";
import type { ResolvedAction } from "@/flow/tools/schema";
import { noAction, readyAction } from "@/server/catalog/ready-action";
import { db } from "@/server/db";
import { toActionDefinition, toToolDefinition } from "../tools/types";

/** Finds the actions that executions of an organization may call: its own and the catalog's. */
export const actionsOf =
  (organizationId: string) =>
  async ({ tool: toolKey, action: actionKey }: ActionReference): Promise<ResolvedAction> => {
    const ready = await readyAction({ tool: toolKey, action: actionKey });
    if (ready) return ready;
    const tool = await db().tool.findUnique({
      where: { organizationId_key: { organizationId, key: toolKey } },
      include: { actions: { where: { key: actionKey } } },
    });
    if (!tool) throw new FatalError(`There is no tool "${toolKey}" in this organization (any more). Choose another action in the node`);
    const [action] = tool.actions;
    if (!action) throw noAction(tool.name, actionKey);
    return { ...toActionDefinition(action), tool: toToolDefinition(tool), version: action.version };
  };
