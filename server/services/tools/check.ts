import { checkAction, checkTool, type DefinitionIssue } from "@/flow/tools/check-action";
import type { ActionDefinition, ToolDefinition } from "@/flow/tools/schema";
import { ServiceError } from "../errors";

/** @throws ServiceError `invalid` that names each place and what is wrong with it. */
function refuse(issues: DefinitionIssue[]): void {
  if (issues.length === 0) return;
  throw new ServiceError("invalid", issues.map(({ field, message }) => `${field}: ${message}`).join("; "), {
    issues: issues.slice(0, 50).map((issue) => ({ ...issue, code: "template" })),
  });
}

/** @throws ServiceError `invalid` */
export const assertTool = (tool: Pick<ToolDefinition, "baseUrl" | "auth">): void => refuse(checkTool(tool));

/** @throws ServiceError `invalid` */
export const assertAction = (action: ActionDefinition, tool: Pick<ToolDefinition, "baseUrl" | "allowedHosts">): void =>
  refuse(checkAction(action, tool));

export const MAX_TOOLS = 500;
export const MAX_ACTIONS = 5000;

/** @throws ServiceError `conflict` */
export const keyTaken = (what: string, key: string): ServiceError =>
  new ServiceError("conflict", `${what} "${key}" exists already: choose another key`, {
    issues: [{ field: "key", message: "exists already", code: "taken" }],
  });
