import type { Graph, GraphNode } from "../graph/schema";
import type { Json, JsonObject } from "../item";
import { inlineGraph } from "../n8n/inline-graph";
import type { CredentialReference } from "./types";

/** A credential that a node of a graph names by its id. */
export interface NamedCredential {
  /** Name of the node. */
  node: string;
  slot: string;
  id: string;
}

/** Graphs in graphs in graphs: beyond this nothing is looked at, and nothing is let through. */
const DEEPEST = 20;

/** The graph that a node brings along as JSON; null where it has none, or where only its items will tell. */
function broughtBy({ type, parameters }: GraphNode): Graph | null {
  const { flowJson } = parameters as { flowJson?: Json };
  if (type !== "execute-flow" || !flowJson) return null;
  try {
    return inlineGraph(typeof flowJson === "string" ? JSON.parse(flowJson) : flowJson);
  } catch {
    return null;
  }
}

/** Every credential that a graph names, also in graphs which its nodes bring along. */
export function namedCredentials(graph: Graph, depth = 0): NamedCredential[] {
  return graph.nodes.flatMap((node) => {
    const own = Object.entries(node.credentials ?? {}).flatMap(([slot, { id }]) =>
      id === undefined ? [] : [{ node: node.name, slot, id }],
    );
    const brought = depth < DEEPEST ? broughtBy(node) : null;
    return brought ? [...own, ...namedCredentials(brought, depth + 1)] : own;
  });
}

/** The graph without credentials that may not be used, also in graphs which its nodes bring along. Their names stay, to choose by. */
export function keepingCredentials(graph: Graph, mayUse: (id: string) => boolean, depth = 0): Graph {
  if (namedCredentials(graph, depth).every(({ id }) => mayUse(id)) && depth < DEEPEST) return graph;
  const kept = ({ id, name }: CredentialReference): CredentialReference => ({
    ...(id !== undefined && mayUse(id) && { id }),
    ...(name !== undefined && { name }),
  });
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const brought = broughtBy(node);
      const flowJson = brought && (depth < DEEPEST ? keepingCredentials(brought, mayUse, depth + 1) : {});
      return {
        ...node,
        ...(node.credentials && {
          credentials: Object.fromEntries(Object.entries(node.credentials).map(([slot, reference]) => [slot, kept(reference)])),
        }),
        ...(flowJson && { parameters: { ...node.parameters, flowJson: flowJson as unknown as JsonObject } }),
      };
    }),
  };
}
