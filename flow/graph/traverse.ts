import type { Graph, GraphEdge, GraphNode } from "./schema";

/** A graph with its edges at hand. Built once a graph, immutable. */
export interface GraphIndex {
  readonly graph: Graph;
  readonly byId: ReadonlyMap<string, GraphNode>;
  readonly byName: ReadonlyMap<string, GraphNode>;
  /** Edges that leave a node, those to higher nodes on the canvas first, then to those further left: n8n's v1 order. */
  outgoing(nodeId: string): readonly GraphEdge[];
  incoming(nodeId: string): readonly GraphEdge[];
  /** Whether a walk of one edge or more leads from one node to the other; a node reaches itself only through a loop. */
  reaches(from: string, to: string): boolean;
}

const NO_EDGES: readonly GraphEdge[] = [];

const group = (edges: readonly GraphEdge[], end: "source" | "target", known: ReadonlyMap<string, GraphNode>): Map<string, GraphEdge[]> => {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    if (!known.has(edge.source) || !known.has(edge.target)) continue;
    const list = groups.get(edge[end]);
    if (list) list.push(edge);
    else groups.set(edge[end], [edge]);
  }
  return groups;
};

export function indexGraph(graph: Graph): GraphIndex {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const outgoing = group(graph.edges, "source", byId);
  const incoming = group(graph.edges, "target", byId);
  for (const edges of outgoing.values()) {
    edges.sort((a, b) => {
      const left = byId.get(a.target)!.position;
      const right = byId.get(b.target)!.position;
      return left.y - right.y || left.x - right.x;
    });
  }
  const reachable = new Map<string, ReadonlySet<string>>();
  const from = (start: string): ReadonlySet<string> => {
    const known = reachable.get(start);
    if (known) return known;
    const seen = new Set<string>();
    const stack = [start];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      for (const edge of outgoing.get(id) ?? NO_EDGES) {
        if (seen.has(edge.target)) continue;
        seen.add(edge.target);
        stack.push(edge.target);
      }
    }
    reachable.set(start, seen);
    return seen;
  };
  return {
    graph,
    byId,
    byName,
    outgoing: (nodeId) => outgoing.get(nodeId) ?? NO_EDGES,
    incoming: (nodeId) => incoming.get(nodeId) ?? NO_EDGES,
    reaches: (start, to) => from(start).has(to),
  };
}

/**
 * Index of the output of `from` by which it leads to `to`: what `$('from').all()` means where no output is named.
 * Breadth first from `to` backwards, so the shortest way decides; 0 when there is none.
 */
export function connectingOutput(index: GraphIndex, from: string, to: string, outputNames: readonly string[]): number {
  const seen = new Set([to]);
  let frontier = [to];
  while (frontier.length > 0) {
    const next: string[] = [];
    for (const id of frontier) {
      for (const edge of index.incoming(id)) {
        if (edge.source === from) return Math.max(0, outputNames.indexOf(edge.sourceHandle));
        if (seen.has(edge.source)) continue;
        seen.add(edge.source);
        next.push(edge.source);
      }
    }
    frontier = next;
  }
  return 0;
}
