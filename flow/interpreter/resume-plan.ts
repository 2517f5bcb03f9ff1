import type { Effect } from "../node/define-node";
import { type EarlierRun, planOf } from "./earlier-run";
import type { StepKey } from "./host";
import type { FlowSurroundings } from "./node-change";
import type { PreparedGraph } from "./prepare";
import { type Reason, Reuse, type ReuseOptions, type Sameness } from "./reuse";

/** What a resumed execution will do with one visit, as far as that can be told beforehand. */
export interface PlannedVisit {
  key: StepKey;
  nodeId: string;
  nodeName: string;
  runIndex: number;
  effect: Effect;
  /**
   * `reuse`: taken over. `keep`: a write that happened, taken over though something changed. `maybe`: runs again unless what it
   * depends on gives what it gave. `run`: runs.
   */
  does: "reuse" | "keep" | "maybe" | "run";
  reason: Reason | null;
  /** It had been completed: its work is, or may be, done once more. */
  isRepeated: boolean;
  /** It runs, and had been cut off while it wrote: what it does may have happened already. */
  mayHaveHappened: boolean;
}

export interface ResumePlan {
  visits: PlannedVisit[];
  /** Nodes that may run after these: they follow from steps whose results nobody knows yet. */
  following: { nodeId: string; nodeName: string }[];
  /** Nodes that ran then and are not in the graph any more. */
  gone: { nodeId: string; nodeName: string; visits: number }[];
}

/**
 * What resuming an execution will do: the new graph's plan, played over the earlier journal. Where a step runs again it is taken
 * to give as many items as it gave, and the steps that depend on it are `maybe`; where nothing is known of a step, what
 * follows from it is listed by node.
 *
 * @throws Error when the trigger is not in the new graph
 */
export function planResumption(earlier: EarlierRun, now: { graph: PreparedGraph } & FlowSurroundings, options: ReuseOptions): ResumePlan {
  const { graph } = now;
  const reuse = new Reuse(earlier, now, options);
  const plan = planOf(graph, earlier.triggerNodeId);
  const sameness = new Map<StepKey, Sameness>();
  const visits: PlannedVisit[] = [];
  const open: string[] = [];
  for (let visit = plan.takeReady(); visit; visit = plan.takeReady()) {
    reuse.note(visit);
    const verdict = reuse.verdict(visit, plan, (key) => sameness.get(key) ?? "unknown");
    const then = earlier.visits.get(visit.key);
    const completed = then?.state === "done";
    const taken = verdict.does === "reuse" || verdict.does === "keep";
    sameness.set(visit.key, taken ? "same" : "unknown");
    visits.push({
      key: visit.key,
      nodeId: visit.node.id,
      nodeName: visit.node.name,
      runIndex: visit.runIndex,
      effect: graph.prepared(visit.node.id).effect,
      does: verdict.does,
      reason: verdict.does === "reuse" ? null : verdict.reason,
      isRepeated: completed && !taken,
      mayHaveHappened: !taken && verdict.reason.kind === "cut-off",
    });
    // Of a node that was changed nobody knows what it gives; most of the time it is as many items.
    if (completed) plan.complete(visit, countsFor(graph, visit.node.id, then.counts));
    else open.push(visit.node.id);
  }
  const index = graph.partial?.index ?? graph.index;
  const planned = new Set(visits.map(({ nodeId }) => nodeId));
  const following = index.graph.nodes.filter(({ id }) => !planned.has(id) && open.some((from) => index.reaches(from, id)));
  return { visits, following: following.map(({ id, name }) => ({ nodeId: id, nodeName: name })), gone: goneOf(earlier, graph) };
}

/** Counts as they were, in the handles that the node has now. */
const countsFor = (graph: PreparedGraph, nodeId: string, counts: readonly number[]): number[] =>
  graph.prepared(nodeId).outputs.map((_, handle) => counts[handle] ?? 0);

function goneOf(earlier: EarlierRun, graph: PreparedGraph): ResumePlan["gone"] {
  const counts = new Map<string, number>();
  for (const { nodeId } of earlier.visits.values()) {
    if (!graph.index.byId.has(nodeId)) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  }
  return [...counts].map(([nodeId, visits]) => ({
    nodeId,
    nodeName: earlier.graph.index.byId.get(nodeId)?.name ?? nodeId,
    visits,
  }));
}
