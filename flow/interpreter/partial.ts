import type { GraphEdge, GraphNode } from "../graph/schema";
import { type GraphIndex, indexGraph } from "../graph/traverse";
import type { PreparedNode } from "./prepare";

/** What of a graph runs when one node of it is wanted. */
export interface PartialPlan {
  /** The needed nodes and the edges among them; none leaves the destination. */
  index: GraphIndex;
  needed: ReadonlySet<string>;
  /** Triggers among the needed nodes: where the execution may be told to start. */
  triggers: readonly GraphNode[];
  /** Nodes that run first: the chosen trigger, and nodes that are given without what is before them. Empty: nothing leads to the destination. */
  roots(triggerNodeId: string): GraphNode[];
}

/** A disabled node passes on what comes in, pinned or not. */
export const hasPins = (node: GraphNode): boolean => node.pinned !== undefined && !node.disabled;

/**
 * The part of a graph that has to run for one node of it.
 *
 * 1. The execution ends at the destination: the edges that leave it do not count, so a loop that it is in is not gone round.
 * 2. From the destination backwards: a node is needed when an edge leads from it to one that is needed. Pinned nodes are given,
 *    so that what is before them is not.
 * 3. What a needed node reads by name is needed, too, as far as it lies before the destination.
 */
export function partialPlan(index: GraphIndex, prepared: (nodeId: string) => PreparedNode, destination: string): PartialPlan {
  const { graph, byId } = index;
  const inner = indexGraph({ ...graph, edges: graph.edges.filter(({ source }) => source !== destination) });
  const isTrigger = ({ id }: GraphNode): boolean => prepared(id).definition?.trigger !== undefined;
  const starts = graph.nodes.filter((node) => isTrigger(node) || inner.incoming(node.id).length === 0);
  const before = (id: string): boolean =>
    id !== destination && inner.reaches(id, destination) && starts.some((start) => start.id === id || inner.reaches(start.id, id));

  const needed = new Set<string>();
  const open = [destination];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    const node = byId.get(id)!;
    if (hasPins(node)) continue;
    open.push(...inner.incoming(id).flatMap(({ source }) => (before(source) ? [source] : [])));
    const reads = prepared(id).reads ?? graph.nodes.map((each) => each.id);
    open.push(...reads.filter(before));
  }

  const edges: GraphEdge[] = inner.graph.edges.filter(({ source, target }) => needed.has(source) && needed.has(target));
  const kept = indexGraph({ ...graph, nodes: graph.nodes.filter(({ id }) => needed.has(id)), edges });
  const given = kept.graph.nodes.filter(
    (node) =>
      kept.incoming(node.id).length === 0 &&
      !isTrigger(node) &&
      (hasPins(node) || (node.id === destination && index.incoming(destination).length === 0)),
  );
  const triggers = kept.graph.nodes.filter((node) => isTrigger(node) && (!node.disabled || node.id === destination));
  return {
    index: kept,
    needed,
    triggers,
    roots: (triggerNodeId) => [...triggers.filter(({ id }) => id === triggerNodeId), ...given],
  };
}

export const sameJson = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
};

/** What makes a node give what it gives. */
const meaning = ({ type, version, parameters, settings, disabled, pinned, credentials }: GraphNode) => ({
  type,
  version,
  parameters,
  settings,
  disabled: disabled ?? false,
  pinned,
  credentials,
});

/**
 * Which needed nodes need not run again, because an earlier execution has what they give: they ran there, are what they were
 * then, and so is everything that they were given. The destination itself always runs.
 */
export function reusableNodes(
  whole: GraphIndex,
  { index, needed }: PartialPlan,
  destination: string,
  earlier: { index: GraphIndex; hasRun: (nodeId: string) => boolean },
): string[] {
  const fedBy = (of: GraphIndex, id: string) =>
    of
      .incoming(id)
      .map(({ source, sourceHandle, targetHandle }) => `${source}\n${sourceHandle}\n${targetHandle}`)
      .sort()
      .join("\n\n");
  const reusable = new Set(
    [...needed].filter((id) => {
      const now = index.byId.get(id)!;
      const then = earlier.index.byId.get(id);
      if (id === destination || hasPins(now) || !then || !earlier.hasRun(id)) return false;
      return sameJson(meaning(now), meaning(then)) && fedBy(whole, id) === fedBy(earlier.index, id);
    }),
  );
  // A node whose source runs again runs again; so until nothing changes.
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of reusable) {
      const stale = index.incoming(id).some(({ source }) => {
        const node = index.byId.get(source)!;
        return !reusable.has(source) && !(hasPins(node) && sameJson(node.pinned, earlier.index.byId.get(source)?.pinned));
      });
      if (!stale) continue;
      reusable.delete(id);
      changed = true;
    }
  }
  return whole.graph.nodes.flatMap(({ id }) => (reusable.has(id) ? [id] : []));
}
