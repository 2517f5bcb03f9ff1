import type { Graph } from "@/flow/graph/schema";

/**
 * Nodes whose steps must be planned as racing: Inngest otherwise starts nothing new after a fork until every parallel step
 * has settled, so that an approval of three days in one branch would stop the other. All steps that can run beside another,
 * and all that come after such a one, must be marked: marking only some makes Inngest run steps twice.
 *
 * 1. Two visits can be under way at once only after a fork: a node that more than one edge leaves. (Whether these edges are
 *    taken together depends on the data, so each fork counts.)
 * 2. Everything that can be reached from a fork is in its parallel region or downstream of it. Loops need no special care:
 *    a fork that its own branches lead back to is reached as well.
 */
export function racingNodes(graph: Pick<Graph, "nodes" | "edges">): ReadonlySet<string> {
  const targets = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const { source, target } of graph.edges) targets.get(source)?.push(target);
  const stack = [...targets.values()].filter((next) => next.length > 1).flat();
  const racing = new Set<string>();
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (racing.has(id)) continue;
    racing.add(id);
    stack.push(...(targets.get(id) ?? []));
  }
  return racing;
}
