import type { GraphNode } from "../graph/schema";
import type { Json, JsonObject } from "../item";
import { MAX_VALUE_CHARACTERS } from "../node/storage-limits";
import type { ImportIssue } from "./report";

/** What an export's workflow, or a node of it, remembered between executions. */
export interface Remembered {
  /** Id of the node; null for the flow as a whole. */
  nodeId: string | null;
  value: JsonObject;
}

const FIELD = "staticData";
const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Some exports hold it as a text. */
function opened(value: unknown): JsonObject {
  if (typeof value !== "string") return isObject(value) ? value : {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

const isFilled = (value: Json | undefined): value is JsonObject => isObject(value) && Object.keys(value).length > 0;
const fieldsOf = (value: JsonObject): string => {
  const names = Object.keys(value);
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
};

/**
 * What code goes on with: the workflow's data and that of its code nodes. Other nodes of n8n remembered in ways of their own, which
 * no node of ours could read: they begin anew, and the report says so.
 */
export function readRemembered(staticData: unknown, nodes: readonly GraphNode[], issues: ImportIssue[]): Remembered[] {
  const remembered: Remembered[] = [];
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const [key, value] of Object.entries(opened(staticData))) {
    if (!isFilled(value)) continue;
    const name = key.startsWith("node:") ? key.slice("node:".length) : null;
    const node = name === null ? undefined : byName.get(name);
    const report = (severity: ImportIssue["severity"], message: string): void =>
      void issues.push({ severity, node: node?.name ?? null, type: null, field: FIELD, message: message.slice(0, 1000) });
    if (name === null && key !== "global") report("missing", `"${key}" is neither the workflow's nor a node's; it is left out`);
    else if (name !== null && !node) report("note", `what "${name}" remembered is left out: it is no node of the workflow`);
    else if (JSON.stringify(value).length > MAX_VALUE_CHARACTERS) {
      report("missing", `what it remembered between executions is larger than can be kept (${MAX_VALUE_CHARACTERS} characters)`);
    } else if (node && node.type !== "code")
      report("missing", `what it remembered (${fieldsOf(value)}) cannot be read here: it begins anew`);
    else {
      remembered.push({ nodeId: node?.id ?? null, value });
      report("note", `what ${node ? "it" : "the workflow"} remembered is taken over: ${fieldsOf(value)}`);
    }
  }
  return remembered;
}
