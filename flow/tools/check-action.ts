import type { Json } from "../item";
import { placeholdersIn } from "./render";
import type { ActionDefinition, ToolDefinition } from "./schema";
import { TemplateError } from "./templates";

/** What is wrong with a definition, and where. */
export interface DefinitionIssue {
  field: string;
  message: string;
}

const PATH_PARAMETER = /\{([^{}]+)\}/g;

/** Names of `{path}` parameters in an endpoint, without those of templates. */
export const pathParameters = (endpoint: string): string[] =>
  [...endpoint.replaceAll(/\{\{[^}]*\}\}/g, "").matchAll(PATH_PARAMETER)].map((match) => match[1] ?? "");

/**
 * What would make every call of an action fail: templates that name no input or nothing at all, path parameters without an
 * input, a host that the tool does not allow.
 */
export function checkAction(action: ActionDefinition, tool: Pick<ToolDefinition, "baseUrl" | "allowedHosts">): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const names = new Set(action.inputSchema.map(({ name }) => name));
  const known = names.size === 0 ? "it has none" : `it has: ${[...names].slice(0, 20).join(", ")}`;
  for (const name of pathParameters(action.endpoint)) {
    if (!names.has(name)) issues.push({ field: "endpoint", message: `{${name}}: the action has no input of that name (${known})` });
  }
  const places: [string, Json | undefined][] = [
    ["endpoint", action.endpoint],
    ["headers", action.headers],
    ["query", action.query],
    ["body", action.body],
    ["contentType", action.contentType],
  ];
  for (const [field, value] of places) {
    try {
      for (const { placeholder, path } of placeholdersIn(value, field)) {
        const [name = ""] = placeholder.path;
        if (placeholder.root !== "inputs" || names.has(name)) continue;
        issues.push({ field: path, message: `${placeholder.source}: the action has no input "${name}" (${known})` });
      }
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      issues.push({ field, message: error.message });
    }
  }
  if (/^https?:\/\//i.test(action.endpoint)) {
    const { host } = new URL(action.endpoint.replaceAll(/[{}]/g, "x"));
    if (!isAllowedHost(host, tool)) issues.push({ field: "endpoint", message: hostMessage(host) });
  }
  return issues;
}

/** Templates of a tool itself: only secrets have a place there. */
export function checkTool(tool: Pick<ToolDefinition, "baseUrl" | "auth">): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const places: [string, Json][] = [["baseUrl", tool.baseUrl]];
  if (tool.auth.type === "custom") places.push(["auth.headers", tool.auth.headers]);
  for (const [field, value] of places) {
    try {
      for (const { placeholder, path } of placeholdersIn(value, field)) {
        if (placeholder.root === "inputs")
          issues.push({ field: path, message: `${placeholder.source}: a tool has no inputs, only its actions have` });
      }
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      issues.push({ field, message: error.message });
    }
  }
  return issues;
}

export const hostMessage = (host: string): string =>
  `"${host}" is not a host of this tool: change the tool's base URL, or add the host to its allowed hosts`;

/** Whether a tool's actions may call a host: the base URL's own, or one that the tool lists (`*.example.com` for all below it). */
export function isAllowedHost(host: string, { baseUrl, allowedHosts }: Pick<ToolDefinition, "baseUrl" | "allowedHosts">): boolean {
  const wanted = host.toLowerCase();
  if (URL.canParse(baseUrl) && new URL(baseUrl).host === wanted) return true;
  return allowedHosts.some((allowed) => (allowed.startsWith("*.") ? wanted.endsWith(allowed.slice(1)) : allowed === wanted));
}
