import type { Effect } from "../node/define-node";
import type { StepKey, StepSource } from "./host";
import type { FlowSurroundings } from "./node-change";
import { Plan, type Visit } from "./plan";
import type { PreparedGraph } from "./prepare";

/** One visit of an execution that has ended, as its journal has it. */
export interface EarlierVisit {
  key: StepKey;
  nodeId: string;
  /**
   * `done`: what it gave is known, also where the node failed and went on. `cut-off`: the end of the execution interrupted it;
   * what it was doing may have happened.
   */
  state: "done" | "failed" | "cut-off" | "unfinished";
  effect: Effect;
  sources: readonly (StepSource | null)[];
  /** Items by output handle, after a wait if it had one. */
  counts: readonly number[];
}

/** An execution that has ended, with the graph that it ran. */
export interface EarlierRun extends FlowSurroundings {
  /** With the names that nodes have now, see `withNamesOf`. */
  graph: PreparedGraph;
  triggerNodeId: string;
  visits: ReadonlyMap<StepKey, EarlierVisit>;
}

/** How many runs of other nodes each visit of an earlier execution could read: a replay of its plan over its journal. */
export function visibleRuns(earlier: EarlierRun): (key: StepKey, nodeId: string) => number | null {
  let replay: { plan: Plan; visits: Map<StepKey, Visit> } | null = null;
  const replayed = () => {
    if (replay) return replay;
    const plan = planOf(earlier.graph, earlier.triggerNodeId);
    const visits = new Map<StepKey, Visit>();
    for (let visit = plan.takeReady(); visit; visit = plan.takeReady()) {
      visits.set(visit.key, visit);
      const known = earlier.visits.get(visit.key);
      if (known?.state === "done") plan.complete(visit, known.counts);
    }
    replay = { plan, visits };
    return replay;
  };
  return (key, nodeId) => {
    const { plan, visits } = replayed();
    const visit = visits.get(key);
    return visit ? plan.runsBefore(nodeId, visit.path).length : null;
  };
}

/** The plan of an execution of the graph, or of the part of it that is meant. */
export function planOf(graph: PreparedGraph, triggerNodeId: string): Plan {
  const roots = graph.partial?.roots(triggerNodeId) ?? [graph.prepared(triggerNodeId).node];
  return new Plan(graph.partial?.index ?? graph.index, (node) => graph.prepared(node.id), roots);
}
