import type { GraphNode } from "../graph/schema";
import type { GraphIndex } from "../graph/traverse";
import { Gatherings } from "./gathering";
import { type StepKey, type StepSource, stepKey } from "./host";
import { childPath, comparePaths, type Path, ROOT_PATH } from "./path";

/** One visit of a node, planned, under way or done. */
export interface Visit {
  readonly node: GraphNode;
  readonly path: Path;
  /** By input handle; null where nothing came. */
  readonly sources: readonly (StepSource | null)[];
  /** Known once the visit is ready. */
  key: StepKey;
  runIndex: number;
  state: "pending" | "running" | "done";
  /** Items by output handle, once done. */
  counts: readonly number[];
}

/** What the plan must know of a placed node. */
export interface NodePorts {
  inputs: readonly string[];
  outputs: readonly string[];
  /** Ids of the nodes that its parameters read; null when that cannot be told before they are evaluated. */
  reads: readonly string[] | null;
}

/** How many planned visits, from the earliest, are looked at for one that may start. */
const WINDOW = 64;

/**
 * Which visits an execution makes, and when each may start. A pure state machine: tell it what steps gave, take what is ready.
 *
 * A visit may start before one that is earlier in n8n's order, but only when nobody could tell the difference: as long as an
 * earlier unfinished visit could still reach its node, or a node that its parameters read, it waits. Results, run indexes and
 * the order of items therefore never depend on timing.
 */
export class Plan {
  /** In order of path. */
  private readonly pending: Visit[] = [];
  private readonly running = new Set<Visit>();
  private readonly gatherings: Gatherings;
  private readonly runs = new Map<string, Visit[]>();
  private latest: Visit | null = null;
  private planned = 0;

  constructor(
    private readonly index: GraphIndex,
    private readonly ports: (node: GraphNode) => NodePorts,
    /** Nodes that run first, in this order: the trigger, as a rule. */
    roots: readonly GraphNode[],
  ) {
    this.gatherings = new Gatherings(index);
    roots.forEach((root, position) => {
      this.add(root, roots.length === 1 ? ROOT_PATH : childPath(ROOT_PATH, position, roots.length), []);
    });
  }

  /** Visits planned so far. */
  get count(): number {
    return this.planned;
  }

  /** Nothing is planned or under way. */
  get idle(): boolean {
    return this.pending.length === 0 && this.running.size === 0;
  }

  /** The finished visit that is last in n8n's order. */
  get last(): Visit | null {
    return this.latest;
  }

  /** Finished visits of a node that are before `path`: the run index counts them. */
  runsBefore(nodeId: string, path: Path): readonly Visit[] {
    const runs = this.runs.get(nodeId);
    if (!runs) return [];
    let count = runs.length;
    while (count > 0 && (runs[count - 1]!.state !== "done" || comparePaths(runs[count - 1]!.path, path) >= 0)) count--;
    return count === runs.length ? runs : runs.slice(0, count);
  }

  /** The next visit that may start now, marked as running; null when all must wait. */
  takeReady(): Visit | null {
    do {
      const window = Math.min(WINDOW, this.pending.length);
      for (let position = 0; position < window; position++) {
        if (!this.isBlocked(position)) return this.start(position);
      }
    } while (this.releaseGathering());
    return null;
  }

  /** Records what a visit gave and plans the visits that follow from it. */
  complete(visit: Visit, counts: readonly number[]): void {
    visit.state = "done";
    visit.counts = counts;
    this.running.delete(visit);
    if (this.latest === null || comparePaths(visit.path, this.latest.path) > 0) this.latest = visit;
    const { outputs } = this.ports(visit.node);
    const taken = this.index.outgoing(visit.node.id).filter((edge) => (counts[outputs.indexOf(edge.sourceHandle)] ?? 0) > 0);
    taken.forEach((edge, position) => {
      const source = { key: visit.key, output: outputs.indexOf(edge.sourceHandle) };
      const target = this.index.byId.get(edge.target)!;
      const path = childPath(visit.path, position, taken.length);
      const { inputs } = this.ports(target);
      if (inputs.length <= 1) this.add(target, path, [source]);
      else this.gatherings.arrive(target, inputs, { path, input: Math.max(0, inputs.indexOf(edge.targetHandle)), source });
    });
    for (const full of this.gatherings.settle((nodeId, path) => this.canStillArrive(nodeId, path))) {
      this.add(full.node, full.path, full.sources);
    }
  }

  private releaseGathering(): boolean {
    const released = this.gatherings.release((nodeId) => this.canStillArrive(nodeId, null));
    if (released) this.add(released.node, released.path, released.sources);
    return released !== null;
  }

  /** Whether an unfinished visit, earlier than `before` where that is given, can still reach the node. */
  private canStillArrive(nodeId: string, before: Path | null): boolean {
    const reaches = (visit: Visit) =>
      (before === null || comparePaths(visit.path, before) < 0) && this.index.reaches(visit.node.id, nodeId);
    for (const visit of this.running) if (reaches(visit)) return true;
    return this.pending.some(reaches);
  }

  private add(node: GraphNode, path: Path, sources: readonly (StepSource | null)[]): void {
    this.planned++;
    const visit: Visit = { node, path, sources, key: "", runIndex: -1, state: "pending", counts: [] };
    let position = this.pending.length;
    while (position > 0 && comparePaths(this.pending[position - 1]!.path, path) > 0) position--;
    this.pending.splice(position, 0, visit);
  }

  private start(position: number): Visit {
    const visit = this.pending.splice(position, 1)[0]!;
    const runs = this.runs.get(visit.node.id) ?? [];
    this.runs.set(visit.node.id, runs);
    visit.runIndex = runs.length;
    visit.key = stepKey(visit.node.id, visit.runIndex);
    visit.state = "running";
    runs.push(visit);
    this.running.add(visit);
    return visit;
  }

  private isBlocked(position: number): boolean {
    if (position === 0 && this.running.size === 0) return false;
    const visit = this.pending[position]!;
    const { reads } = this.ports(visit.node);
    const inTheWay = (other: Visit): boolean => {
      const id = other.node.id;
      if ((other.state === "pending" && id === visit.node.id) || this.index.reaches(id, visit.node.id)) return true;
      return reads === null || reads.some((read) => read === id || this.index.reaches(id, read));
    };
    for (const other of this.running) if (comparePaths(other.path, visit.path) < 0 && inTheWay(other)) return true;
    for (let earlier = 0; earlier < position; earlier++) if (inTheWay(this.pending[earlier]!)) return true;
    return false;
  }
}
