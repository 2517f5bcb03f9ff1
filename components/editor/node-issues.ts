import type { GraphNode } from "@/flow/graph/schema";
import { checkParameters, type ParameterIssue } from "@/flow/node/parameters";
import type { DefinitionLookup } from "./definitions";

const known = new WeakMap<GraphNode, ParameterIssue[]>();

/** What is wrong with a node's parameters as they stand, before anything runs. Empty for a disabled node. */
export function nodeIssues(node: GraphNode, definitionOf: DefinitionLookup): ParameterIssue[] {
  const before = known.get(node);
  if (before) return before;
  const definition = definitionOf(node.type);
  const issues: ParameterIssue[] = !definition
    ? [{ field: "type", message: `This installation does not know the type "${node.type}"`, code: "parameter" }]
    : node.disabled
      ? []
      : checkParameters(definition, node.parameters);
  known.set(node, issues);
  return issues;
}
