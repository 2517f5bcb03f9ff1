import { type EarlierRun, type EarlierVisit, visibleRuns } from "./earlier-run";
import type { StepKey } from "./host";
import { type FlowSurroundings, type NodeChange, nodeChanges } from "./node-change";
import type { Plan, Visit } from "./plan";
import type { PreparedGraph } from "./prepare";

/** Whether a visit gives what the visit of the same key gave then. */
export type Sameness = "same" | "different" | "unknown";

/** Why a visit cannot simply be taken over. */
export type Reason =
  /** There was no such visit: the node is new, or the execution did not come here. */
  | { kind: "new" }
  | { kind: "failed" }
  | { kind: "unfinished" }
  /** A write that the end of the execution interrupted: it may have taken effect. */
  | { kind: "cut-off" }
  | { kind: "changed"; what: NodeChange[] }
  /** Its items come from elsewhere: edges were drawn anew, or another number of runs came before. */
  | { kind: "rewired" }
  /** A node that it gets items from, or that its expressions read, runs again. */
  | { kind: "input" | "reads"; nodeIds: string[] };

export type Verdict =
  | { does: "reuse" }
  /** A completed write whose surroundings changed: it has done its work, and is not done again. */
  | { does: "keep"; reason: Reason }
  /** Runs again, unless what it depends on turns out to be what it was. */
  | { does: "maybe"; reason: Reason }
  | {
      does: "run";
      reason: Reason;
      /** It is asked what it was asked then, and had no end: it carries the same idempotency keys. */
      repeats: boolean;
    };

export interface ReuseOptions {
  /** Completed writes are kept where the node was changed, or where items of the same number come in. */
  keepWrites: boolean;
  usesPins: boolean;
}

/** How a visit ended that has nothing to take over. Of what changes nothing elsewhere it does not matter where it was cut off. */
function endOf({ state, effect }: EarlierVisit): "failed" | "cut-off" | "unfinished" {
  return state === "failed" || (state === "cut-off" && effect === "write") ? state : "unfinished";
}

interface Difference {
  reason: Reason;
  sure: boolean;
}

/**
 * Which visits of an execution that is resumed need not run, because the earlier one has what they give. A visit is taken over
 * when its node is what it was and everything that the node could read then is the same now: its items, and every run of every
 * node that its expressions name. Sameness is of values: a step that ran again and gave what it gave before changes nothing
 * for those after it.
 *
 * Tell it of each visit as it is planned (`note`); then ask (`verdict`). Both are deterministic functions of the two graphs, the
 * journal and the values, so that every replay decides alike.
 */
export class Reuse {
  private readonly changes = new Map<string, NodeChange[] | null>();
  /** Visits that are where they were: all that leads to them has the keys that it had. */
  private readonly aligned = new Map<StepKey, boolean>();
  private readonly noted = new Map<StepKey, Visit>();
  /** Runs of a node, from the first, that are known to be the same. */
  private readonly sameRuns = new Map<string, number>();
  /** Visits that are the same together with everything that leads to them. */
  private readonly sameTrail = new Set<StepKey>();
  private readonly visibleThen: (key: StepKey, nodeId: string) => number | null;

  constructor(
    readonly earlier: EarlierRun,
    private readonly now: { graph: PreparedGraph } & FlowSurroundings,
    private readonly options: ReuseOptions,
  ) {
    this.visibleThen = visibleRuns(earlier);
  }

  note(visit: Visit): void {
    const then = this.earlier.visits.get(visit.key);
    this.noted.set(visit.key, visit);
    this.aligned.set(visit.key, then !== undefined && this.sourcesAligned(visit, then));
  }

  private sourcesAligned(visit: Visit, then: EarlierVisit): boolean {
    if (visit.sources.length !== then.sources.length) return false;
    return visit.sources.every((source, handle) => {
      const before = then.sources[handle] ?? null;
      if (source === null || before === null) return source === before;
      return source.key === before.key && source.output === before.output && this.aligned.get(source.key) === true;
    });
  }

  /** @param sameness asked of visits that are done only; `unknown` where that is to be found out */
  verdict(visit: Visit, plan: Pick<Plan, "runsBefore">, sameness: (key: StepKey) => Sameness): Verdict {
    const then = this.earlier.visits.get(visit.key);
    if (!then) return { does: "run", reason: { kind: "new" }, repeats: false };
    const difference = this.difference(visit, plan, sameness);
    if (then.state !== "done") return { does: "run", reason: { kind: endOf(then) }, repeats: difference === null };
    if (!difference) return { does: "reuse" };
    const { reason, sure } = difference;
    if (this.options.keepWrites && this.isKept(visit, then)) return { does: "keep", reason };
    return sure ? { does: "run", reason, repeats: false } : { does: "maybe", reason };
  }

  /** A write that has happened, at the same place, for as many items. */
  private isKept(visit: Visit, then: EarlierVisit): boolean {
    if (then.effect !== "write" || visit.node.disabled || this.aligned.get(visit.key) !== true) return false;
    if (this.changesOf(visit.node.id)?.some((what) => what === "type") !== false) return false;
    return visit.sources.every((source) => {
      if (!source) return true;
      const counts = this.noted.get(source.key)?.counts[source.output];
      return counts === this.earlier.visits.get(source.key)?.counts[source.output];
    });
  }

  /** What of a node is another than it was; null when there was no such node. */
  private changesOf(nodeId: string): NodeChange[] | null {
    const known = this.changes.get(nodeId);
    if (known !== undefined) return known;
    const then = this.earlier.graph.index.byId.has(nodeId) ? this.earlier.graph.prepared(nodeId).node : null;
    const changes =
      then &&
      nodeChanges({ ...this.earlier, node: then }, { ...this.now, node: this.now.graph.prepared(nodeId).node }, this.options.usesPins);
    this.changes.set(nodeId, changes);
    return changes;
  }

  private difference(visit: Visit, plan: Pick<Plan, "runsBefore">, sameness: (key: StepKey) => Sameness): Difference | null {
    const changes = this.changesOf(visit.node.id);
    if (changes === null) return { reason: { kind: "new" }, sure: true };
    if (changes.length > 0) return { reason: { kind: "changed", what: changes }, sure: true };
    if (!this.aligned.get(visit.key)) return { reason: { kind: "rewired" }, sure: true };

    const inputs = this.compare(
      visit.sources.flatMap((source) => (source ? [source.key] : [])),
      sameness,
    );
    if (inputs) return { reason: { kind: "input", nodeIds: inputs.nodeIds }, sure: inputs.sure };
    return this.readsDifference(visit, plan, sameness);
  }

  private readsDifference(visit: Visit, plan: Pick<Plan, "runsBefore">, sameness: (key: StepKey) => Sameness): Difference | null {
    const { reads, definition } = this.now.graph.prepared(visit.node.id);
    if (reads !== null && reads.length === 0 && !definition?.loops) return null;
    const read = new Set(reads ?? this.now.graph.index.byId.keys());
    if (definition?.loops) read.add(visit.node.id);
    const keys: StepKey[] = [];
    for (const nodeId of read) {
      const runs = plan.runsBefore(nodeId, visit.path);
      if (runs.length !== this.visibleThen(visit.key, nodeId)) return { reason: { kind: "reads", nodeIds: [nodeId] }, sure: true };
      let known = this.sameRuns.get(nodeId) ?? 0;
      while (known < runs.length && this.aligned.get(runs[known]!.key) && sameness(runs[known]!.key) === "same") known++;
      this.sameRuns.set(nodeId, known);
      const moved = runs.slice(known).some(({ key }) => !this.aligned.get(key));
      if (moved) return { reason: { kind: "reads", nodeIds: [nodeId] }, sure: true };
      keys.push(...runs.slice(known).map(({ key }) => key));
      // A loop's runs are read with what they were given.
      if (this.now.graph.prepared(nodeId).definition?.loops) {
        for (const run of runs) for (const source of run.sources) if (source && !this.sameTrail.has(source.key)) keys.push(source.key);
      }
    }
    keys.push(...this.untriedTrail(visit));
    const found = this.compare(keys, sameness);
    if (found) return { reason: { kind: "reads", nodeIds: found.nodeIds }, sure: found.sure };
    for (const key of keys) this.sameTrail.add(key);
    return null;
  }

  /** Visits on the way to this one that are not yet known to be the same: an item's trail leads through any of them. */
  private untriedTrail(visit: Visit): StepKey[] {
    const keys = new Set<StepKey>();
    const open = [visit];
    for (let each = open.pop(); each; each = open.pop()) {
      for (const source of each.sources) {
        if (!source || keys.has(source.key) || this.sameTrail.has(source.key)) continue;
        keys.add(source.key);
        open.push(this.noted.get(source.key)!);
      }
    }
    return [...keys];
  }

  /** The nodes whose visits are not the same; null when all are. */
  private compare(keys: readonly StepKey[], sameness: (key: StepKey) => Sameness): { nodeIds: string[]; sure: boolean } | null {
    const nodeIds = new Set<string>();
    let sure = false;
    for (const key of keys) {
      const answer = sameness(key);
      if (answer === "same") continue;
      nodeIds.add(this.noted.get(key)!.node.id);
      if (answer === "different") sure = true;
    }
    return nodeIds.size > 0 ? { nodeIds: [...nodeIds], sure } : null;
  }
}
