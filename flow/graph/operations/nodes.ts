import type { Graph, GraphNode } from "../schema";
import { type Applied, type GraphOperation, GraphOperationError, insertAt } from "./operation";

type Operation<T extends GraphOperation["type"]> = Extract<GraphOperation, { type: T }>;

export function requireNode(graph: Graph, id: string): GraphNode {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (!node) throw new GraphOperationError(`There is no node "${id}" in this flow`);
  return node;
}

/** Replaces one node, keeping the list's order and every other object. */
export function replaceNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? change(node) : node)) };
}

export function addNodes(graph: Graph, operation: Operation<"addNodes">): Applied {
  const ids = new Set(graph.nodes.map((node) => node.id));
  const names = new Set(graph.nodes.map((node) => node.name));
  for (const node of operation.nodes) {
    if (ids.has(node.id)) throw new GraphOperationError(`A node with the id "${node.id}" exists already`);
    if (names.has(node.name)) throw new GraphOperationError(`A node named "${node.name}" exists already`);
    ids.add(node.id);
    names.add(node.name);
  }
  const edgeIds = new Set(graph.edges.map((edge) => edge.id));
  for (const edge of operation.edges) {
    if (!ids.has(edge.source) || !ids.has(edge.target))
      throw new GraphOperationError(`The edge "${edge.id}" has an end that is not in the flow`);
    if (edgeIds.has(edge.id)) throw new GraphOperationError(`An edge with the id "${edge.id}" exists already`);
    edgeIds.add(edge.id);
  }
  const nodeIds = operation.nodes.map((node) => node.id);
  const added = new Set(nodeIds);
  // Edges between nodes that were there before go by themselves; the others leave with the nodes.
  const loose = operation.edges.filter((edge) => !added.has(edge.source) && !added.has(edge.target)).map((edge) => edge.id);
  const remove: GraphOperation = { type: "removeNodes", nodeIds };
  return {
    graph: {
      ...graph,
      nodes: insertAt(graph.nodes, operation.nodes, operation.nodeIndexes),
      edges: insertAt(graph.edges, operation.edges, operation.edgeIndexes),
    },
    inverse: loose.length === 0 ? remove : { type: "batch", operations: [{ type: "disconnect", edgeIds: loose }, remove] },
  };
}

/** Removes nodes with the edges that touch them. */
export function removeNodes(graph: Graph, operation: Operation<"removeNodes">): Applied {
  const ids = new Set(operation.nodeIds);
  for (const id of ids) requireNode(graph, id);
  const touches = (edge: { source: string; target: string }) => ids.has(edge.source) || ids.has(edge.target);
  return {
    graph: {
      ...graph,
      nodes: graph.nodes.filter((node) => !ids.has(node.id)),
      edges: graph.edges.filter((edge) => !touches(edge)),
    },
    inverse: {
      type: "addNodes",
      nodes: graph.nodes.filter((node) => ids.has(node.id)),
      edges: graph.edges.filter(touches),
      nodeIndexes: graph.nodes.flatMap((node, index) => (ids.has(node.id) ? [index] : [])),
      edgeIndexes: graph.edges.flatMap((edge, index) => (touches(edge) ? [index] : [])),
    },
  };
}

export function moveNodes(graph: Graph, operation: Operation<"moveNodes">): Applied {
  const before: Record<string, { x: number; y: number }> = {};
  for (const id of Object.keys(operation.positions)) before[id] = requireNode(graph, id).position;
  return {
    graph: {
      ...graph,
      nodes: graph.nodes.map((node) => {
        const position = Object.hasOwn(operation.positions, node.id) ? operation.positions[node.id] : undefined;
        return position ? { ...node, position } : node;
      }),
    },
    inverse: { type: "moveNodes", positions: before },
  };
}

export function updateParameters(graph: Graph, operation: Operation<"updateParameters">): Applied {
  const { parameters } = requireNode(graph, operation.nodeId);
  return {
    graph: replaceNode(graph, operation.nodeId, ({ imported: _, ...node }) => ({ ...node, parameters: operation.parameters })),
    inverse: { type: "updateParameters", nodeId: operation.nodeId, parameters },
  };
}

export function updateSettings(graph: Graph, operation: Operation<"updateSettings">): Applied {
  const { settings = {} } = requireNode(graph, operation.nodeId);
  const empty = Object.keys(operation.settings).length === 0;
  return {
    graph: replaceNode(graph, operation.nodeId, ({ settings: _, ...node }) => (empty ? node : { ...node, settings: operation.settings })),
    inverse: { type: "updateSettings", nodeId: operation.nodeId, settings },
  };
}

export function updateNotes(graph: Graph, operation: Operation<"updateNotes">): Applied {
  const { notes = "" } = requireNode(graph, operation.nodeId);
  return {
    graph: replaceNode(graph, operation.nodeId, ({ notes: _, ...node }) =>
      operation.notes === "" ? node : { ...node, notes: operation.notes },
    ),
    inverse: { type: "updateNotes", nodeId: operation.nodeId, notes },
  };
}

export function setCredentials(graph: Graph, operation: Operation<"setCredentials">): Applied {
  const { credentials = {} } = requireNode(graph, operation.nodeId);
  const empty = Object.keys(operation.credentials).length === 0;
  return {
    graph: replaceNode(graph, operation.nodeId, ({ credentials: _, ...node }) =>
      empty ? node : { ...node, credentials: operation.credentials },
    ),
    inverse: { type: "setCredentials", nodeId: operation.nodeId, credentials },
  };
}

export function setPinned(graph: Graph, operation: Operation<"setPinned">): Applied {
  const { pinned: before = null } = requireNode(graph, operation.nodeId);
  return {
    graph: replaceNode(graph, operation.nodeId, ({ pinned: _, ...node }) =>
      operation.pinned === null ? node : { ...node, pinned: operation.pinned },
    ),
    inverse: { type: "setPinned", nodeId: operation.nodeId, pinned: before },
  };
}

export function setDisabled(graph: Graph, operation: Operation<"setDisabled">): Applied {
  const ids = new Set(operation.nodeIds);
  const changed: string[] = [];
  for (const id of ids) if ((requireNode(graph, id).disabled ?? false) !== operation.disabled) changed.push(id);
  const flip = new Set(changed);
  return {
    graph: {
      ...graph,
      nodes: graph.nodes.map((node) => {
        if (!flip.has(node.id)) return node;
        const { disabled: _, ...rest } = node;
        return operation.disabled ? { ...rest, disabled: true } : rest;
      }),
    },
    inverse: { type: "setDisabled", nodeIds: changed, disabled: !operation.disabled },
  };
}
