import { FatalError } from "@/flow/execution/errors";
import type { Graph, GraphNode } from "@/flow/graph/schema";
import type { GraphIssue } from "@/flow/graph/validate";
import type { Json } from "@/flow/item";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { action } from "@/nodes/action/definition";
import { actionTrigger } from "@/nodes/action-trigger/definition";
import { readyAction } from "@/server/catalog/ready-action";
import type { Db } from "@/server/db";
import { toActionDefinition } from "../tools/types";

const CALLING: ReadonlySet<string> = new Set([action.type, actionTrigger.type]);

/** Nodes that call actions and will run, with the names of what they call. */
const calls = (graph: Graph): { node: GraphNode; tool: string; key: string }[] =>
  graph.nodes.flatMap((node) => {
    const { tool, action: key } = node.parameters;
    const named = CALLING.has(node.type) && !node.disabled && typeof tool === "string" && typeof key === "string";
    return named && tool !== "" && key !== "" ? [{ node, tool, key }] : [];
  });

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === "" || value === "=";

/** What Action nodes lack that their actions ask for: every call of theirs would be refused. */
export async function actionInputIssues(tx: Db, organizationId: string, graph: Graph): Promise<GraphIssue[]> {
  const issues: GraphIssue[] = [];
  for (const { node, tool, key } of calls(graph)) {
    const error = (field: string, message: string): void =>
      void issues.push({ severity: "error", nodeId: node.id, nodeName: node.name, field, message });
    const schema = await inputsOf(tx, organizationId, tool, key);
    if (typeof schema === "string") {
      error("action", schema);
      continue;
    }
    const given = node.parameters.inputs;
    const inputs = typeof given === "object" && given !== null && !Array.isArray(given) ? given : {};
    for (const { name, label, required, default: value } of schema) {
      if (required && value === undefined && isEmpty(inputs[name])) error(`inputs.${name}`, `${label ?? name} is required by the action`);
    }
  }
  return issues;
}

/** The inputs that an action takes, or why there is no such action. */
async function inputsOf(tx: Db, organizationId: string, toolKey: string, key: string): Promise<ActionParameter[] | string> {
  try {
    const ready = await readyAction({ tool: toolKey, action: key });
    if (ready) return ready.inputSchema;
  } catch (error) {
    if (error instanceof FatalError) return error.message;
    throw error;
  }
  const found = await tx.action.findFirst({ where: { organizationId, key, tool: { key: toolKey, organizationId } } });
  return found
    ? toActionDefinition(found).inputSchema
    : `there is no action "${key}" of a tool "${toolKey}" (any more): choose another one`;
}
