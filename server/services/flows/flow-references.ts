import type { Graph } from "@/flow/graph/schema";
import type { GraphIssue } from "@/flow/graph/validate";
import { eventTrigger } from "@/nodes/event-trigger/definition";
import { executeFlow } from "@/nodes/execute-flow/definition";
import type { Db } from "@/server/db";

interface Reference {
  flowId: string;
  nodeId: string | null;
  nodeName: string | null;
  field: string;
}

/** Flows that a graph names by a fixed id. */
function referencesOf(graph: Graph): Reference[] {
  const references: Reference[] = graph.nodes.flatMap(({ id, name, type, parameters, disabled }) => {
    const { flowId, source } = parameters;
    const names = type === executeFlow.type ? (source ?? "flow") === "flow" : type === eventTrigger.type && source === "flows";
    if (disabled || !names || typeof flowId !== "string" || flowId.trim() === "" || flowId.startsWith("=")) return [];
    return [{ flowId: flowId.trim(), nodeId: id, nodeName: name, field: "flowId" }];
  });
  const { errorFlow } = graph.settings;
  return errorFlow ? [...references, { flowId: errorFlow, nodeId: null, nodeName: null, field: "settings.errorFlow" }] : references;
}

/**
 * Named flows that are not there, for the organization: another one's answers as one that does not exist. A step that could never
 * run is an error; a missing error flow, as an import may bring it, only a warning.
 */
export async function flowReferenceIssues(tx: Db, organizationId: string, graph: Graph): Promise<GraphIssue[]> {
  const references = referencesOf(graph);
  if (references.length === 0) return [];
  const found = await tx.flow.findMany({
    where: { organizationId, deletedAt: null, id: { in: [...new Set(references.map(({ flowId }) => flowId))] } },
    select: { id: true },
  });
  const known = new Set(found.map(({ id }) => id));
  return references
    .filter(({ flowId }) => !known.has(flowId))
    .map(({ flowId, nodeId, nodeName, field }) => ({
      severity: nodeId === null ? "warning" : "error",
      nodeId,
      nodeName,
      field,
      message: nodeId === null ? `names the error flow "${flowId}", which does not exist` : `there is no flow "${flowId}"`,
    }));
}
