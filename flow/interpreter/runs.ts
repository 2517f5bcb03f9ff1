import type { Item } from "../item";
import type { NodeRuns } from "../node/define-node";
import type { History } from "./lineage";
import type { Visit } from "./plan";
import type { PreparedGraph, PreparedNode } from "./prepare";

/** Items that a visit was given by the nodes before it, by input handle, after `executeOnce`. */
export function inputsOf(history: History, visit: Visit, { node }: PreparedNode): readonly (readonly Item[])[] {
  const inputs = visit.sources.map((source) => (source ? (history.outputs(source.key)[source.output] ?? []) : []));
  return node.settings?.executeOnce ? inputs.map((items) => items.slice(0, 1)) : inputs;
}

/** Finished visits of a node as its executor and its context see them; nothing is read before it is asked for. */
export const runsOf = (base: { graph: PreparedGraph; history: History }, visits: readonly Visit[]): NodeRuns => ({
  count: visits.length,
  run(index) {
    const visit = visits[index];
    if (!visit) return undefined;
    return {
      get inputs() {
        return inputsOf(base.history, visit, base.graph.prepared(visit.node.id));
      },
      get outputs() {
        return base.history.outputs(visit.key);
      },
    };
  },
});
