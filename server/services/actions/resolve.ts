import { FatalError } from "@/flow/execution/errors";
import type { ActionReference } from "@/flow/node/context";
import type { ResolvedAction } from "@/flow/tools/schema";
import { catalogTool } from "@/server/catalog";
import { db } from "@/server/db";
import { toActionDefinition, toToolDefinition } from "../tools/types";
import { CATALOG_VERSION } from "./find";

/** Finds the actions that executions of an organization may call: its own and the catalog's. */
export const actionsOf =
  (organizationId: string) =>
  async ({ tool: toolKey, action: actionKey }: ActionReference): Promise<ResolvedAction> => {
    const ready = await catalogTool(toolKey);
    if (ready) {
      const found = ready.actions.find(({ key }) => key === actionKey);
      if (!found) throw noAction(ready.name, actionKey);
      const { actions: _actions, test: _test, ...tool } = ready;
      return { ...found, tool, version: CATALOG_VERSION };
    }
    const tool = await db().tool.findUnique({
      where: { organizationId_key: { organizationId, key: toolKey } },
      include: { actions: { where: { key: actionKey } } },
    });
    if (!tool) throw new FatalError(`There is no tool "${toolKey}" in this organization (any more). Choose another action in the node`);
    const [action] = tool.actions;
    if (!action) throw noAction(tool.name, actionKey);
    return { ...toActionDefinition(action), tool: toToolDefinition(tool), version: action.version };
  };

const noAction = (tool: string, action: string): FatalError =>
  new FatalError(`The tool "${tool}" has no action "${action}" (any more). Choose another one in the node`);
