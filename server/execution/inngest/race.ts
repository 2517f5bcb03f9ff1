import type { FrozenGraph } from "@/flow/graph/schema";

/**
 * Nodes whose steps must be planned as racing: Inngest otherwise starts nothing new after a fork until every parallel step
 * has settled, so that an approval of three days in one branch would stop the other. All steps that can run beside another,
 * and all that come after such a one, must be marked: marking only some makes Inngest run steps twice.
 *
 * 1. Two visits can be under way at once only after a fork: a node that more than one edge leaves. (Whether these edges are
 *    taken together depends on the data, so each fork counts.) Where a node gives items out of one of its handles only (a loop:
 *    round again, or done), the edges of one handle are what counts: its line stays a line, which Inngest runs in one call.
 * 2. A run of a part of the graph may begin at several nodes, those that are given their items: then all of them race.
 * 3. Everything that can be reached from a fork is in its parallel region or downstream of it. Loops need no special care:
 *    a fork that its own branches lead back to is reached as well.
 */
export function racingNodes(
  graph: Pick<FrozenGraph, "nodes" | "edges" | "partial">,
  /** Whether nodes of a type give items out of one handle at a time. */
  isExclusive: (type: string) => boolean = () => false,
): ReadonlySet<string> {
  if (graph.partial && graph.nodes.some(({ pinned, disabled }) => pinned !== undefined && !disabled)) {
    return new Set(graph.nodes.map(({ id }) => id));
  }
  const exclusive = new Set(graph.nodes.filter(({ type }) => isExclusive(type)).map(({ id }) => id));
  const targets = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  const together = new Map<string, string[]>();
  for (const { source, sourceHandle, target } of graph.edges) {
    targets.get(source)?.push(target);
    const port = exclusive.has(source) ? JSON.stringify([source, sourceHandle]) : source;
    together.set(port, [...(together.get(port) ?? []), target]);
  }
  const stack = [...together.values()].filter((next) => next.length > 1).flat();
  const racing = new Set<string>();
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (racing.has(id)) continue;
    racing.add(id);
    stack.push(...(targets.get(id) ?? []));
  }
  return racing;
}
