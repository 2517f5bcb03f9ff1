import { FatalError } from "@/flow/execution/errors";
import type { ActionReference } from "@/flow/node/context";
import type { ResolvedAction } from "@/flow/tools/schema";
import { catalogTool } from ".";

/** Version of the actions that come with the product. */
export const CATALOG_VERSION = 1;

/**
 * An action of the catalog; null when the tool is none of the catalog's.
 * @throws FatalError when the tool has no such action
 */
export async function readyAction({ tool: toolKey, action: actionKey }: ActionReference): Promise<ResolvedAction | null> {
  const ready = await catalogTool(toolKey);
  if (!ready) return null;
  const found = ready.actions.find(({ key }) => key === actionKey);
  if (!found) throw noAction(ready.name, actionKey);
  const { actions: _actions, test: _test, ...tool } = ready;
  return { ...found, tool, version: CATALOG_VERSION };
}

export const noAction = (tool: string, action: string): FatalError =>
  new FatalError(`The tool "${tool}" has no action "${action}" (any more). Choose another one in the node`);
