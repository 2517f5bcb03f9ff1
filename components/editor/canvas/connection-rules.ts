import type { Graph } from "@/flow/graph/schema";
import { inputHandles, outputHandles } from "@/flow/node/define-node";
import type { DefinitionLookup } from "../definitions";

export interface WantedConnection {
  source: string;
  sourceHandle: string;
  target: string;
  targetHandle: string;
}

/** Why two ports cannot be connected; null when they can. */
export function connectionProblem(graph: Graph, wanted: WantedConnection, definitionOf: DefinitionLookup): string | null {
  if (wanted.source === wanted.target) return "A node cannot be connected with itself";
  const source = graph.nodes.find((node) => node.id === wanted.source);
  const target = graph.nodes.find((node) => node.id === wanted.target);
  if (!source || !target) return "One of the nodes is no longer there";
  const sourceDefinition = definitionOf(source.type);
  const targetDefinition = definitionOf(target.type);
  if (targetDefinition) {
    const inputs = inputHandles(targetDefinition, target.parameters);
    if (inputs.length === 0) return `"${target.name}" starts the flow and takes no input`;
    if (!inputs.some((handle) => handle.name === wanted.targetHandle)) return `"${target.name}" has no input "${wanted.targetHandle}"`;
  }
  if (sourceDefinition && !outputHandles(sourceDefinition, source).some((handle) => handle.name === wanted.sourceHandle)) {
    return `"${source.name}" has no output "${wanted.sourceHandle}"`;
  }
  const duplicate = graph.edges.some(
    (edge) =>
      edge.source === wanted.source &&
      edge.sourceHandle === wanted.sourceHandle &&
      edge.target === wanted.target &&
      edge.targetHandle === wanted.targetHandle,
  );
  return duplicate ? "These two are connected already" : null;
}
