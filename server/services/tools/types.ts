import { type ActionDefinition, actionSchema, type ToolAuth, type ToolDefinition, toolAuthSchema } from "@/flow/tools/schema";
import type { Action, Prisma, Tool } from "@/prisma/generated/client";

export type ToolSource = "manual" | "openapi" | "curl" | "postman";

/** A tool as lists show it. Instants are ISO 8601. */
export interface ToolSummary {
  id: string;
  key: string;
  name: string;
  description: string | null;
  baseUrl: string;
  authType: ToolAuth["type"];
  auth: ToolAuth;
  icon: string | null;
  allowedHosts: string[];
  source: string;
  actionCount: number;
  createdAt: string;
  updatedAt: string;
}

/** An action as lists show it. */
export interface ActionSummary {
  id: string;
  toolId: string;
  key: string;
  name: string;
  description: string | null;
  group: string | null;
  method: string;
  endpoint: string;
  effect: string;
  deprecated: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** An action whole. */
export interface ActionDetail extends ActionSummary {
  toolKey: string;
  toolName: string;
  headers: ActionDefinition["headers"];
  query: ActionDefinition["query"];
  queryStyles: ActionDefinition["queryStyles"] | null;
  bodyType: ActionDefinition["bodyType"] | null;
  body: ActionDefinition["body"] | null;
  formStyle: ActionDefinition["formStyle"] | null;
  contentType: string | null;
  inputSchema: ActionDefinition["inputSchema"];
  sample: ActionDefinition["sample"] | null;
}

/** A stored way of proving who calls. It was parsed before it was written. */
export const storedAuth = (json: unknown): ToolAuth => toolAuthSchema.parse(json);

export const toToolSummary = (tool: Tool, actionCount: number): ToolSummary => {
  const auth = storedAuth(tool.auth);
  return {
    id: tool.id,
    key: tool.key,
    name: tool.name,
    description: tool.description,
    baseUrl: tool.baseUrl,
    authType: auth.type,
    auth,
    icon: tool.icon,
    allowedHosts: tool.allowedHosts,
    source: tool.source,
    actionCount,
    createdAt: tool.createdAt.toISOString(),
    updatedAt: tool.updatedAt.toISOString(),
  };
};

export const toToolDefinition = (tool: Tool): ToolDefinition & { id: string } => ({
  id: tool.id,
  key: tool.key,
  name: tool.name,
  baseUrl: tool.baseUrl,
  auth: storedAuth(tool.auth),
  allowedHosts: tool.allowedHosts,
  ...(tool.description !== null && { description: tool.description }),
  ...(tool.icon !== null && { icon: tool.icon }),
});

/** What of an action has a column of its own, and the rest as JSON. */
export function actionColumns(action: ActionDefinition) {
  const { key, name, description, group, method, endpoint, effect: _effect, deprecated, ...definition } = action;
  return {
    key,
    name,
    description: description ?? null,
    group: group ?? null,
    method,
    endpoint,
    deprecated: deprecated ?? false,
    definition: definition as Prisma.InputJsonObject,
  };
}

type ActionRow = Omit<Action, "definition">;

export const toActionSummary = (action: ActionRow): ActionSummary => ({
  id: action.id,
  toolId: action.toolId,
  key: action.key,
  name: action.name,
  description: action.description,
  group: action.group,
  method: action.method,
  endpoint: action.endpoint,
  effect: action.effect,
  deprecated: action.deprecated,
  version: action.version,
  createdAt: action.createdAt.toISOString(),
  updatedAt: action.updatedAt.toISOString(),
});

/** A stored action. It was parsed before it was written, so a failure here is a fault of ours. */
export const toActionDefinition = (action: Action): ActionDefinition =>
  actionSchema.parse({
    ...(action.definition as object),
    key: action.key,
    name: action.name,
    ...(action.description !== null && { description: action.description }),
    ...(action.group !== null && { group: action.group }),
    method: action.method,
    endpoint: action.endpoint,
    effect: action.effect,
    ...(action.deprecated && { deprecated: true }),
  });

export function toActionDetail(action: Action, tool: Pick<Tool, "key" | "name">): ActionDetail {
  const definition = toActionDefinition(action);
  return {
    ...toActionSummary(action),
    toolKey: tool.key,
    toolName: tool.name,
    headers: definition.headers,
    query: definition.query,
    queryStyles: definition.queryStyles ?? null,
    bodyType: definition.bodyType ?? null,
    body: definition.body ?? null,
    formStyle: definition.formStyle ?? null,
    contentType: definition.contentType ?? null,
    inputSchema: definition.inputSchema,
    sample: definition.sample ?? null,
  };
}
