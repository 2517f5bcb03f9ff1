import type { GraphNode } from "../graph/schema";
import type { GraphIndex } from "../graph/traverse";
import type { StepSource } from "./host";
import { comparePaths, nextRound, type Path } from "./path";

interface Arrival {
  path: Path;
  /** Index of the input handle. */
  input: number;
  source: StepSource;
}

/** A visit of a node with several inputs, as far as it is filled. */
interface Slot {
  sources: (StepSource | null)[];
  /** Path of the arrival that came last in n8n's order: where the visit stands once it is full. */
  last: Path;
}

interface Gathering {
  node: GraphNode;
  inputs: number;
  /** Input handles that an edge leads to: only these are waited for. */
  connected: readonly number[];
  arrivals: Arrival[];
  slots: Slot[];
}

interface Gathered {
  node: GraphNode;
  path: Path;
  sources: readonly (StepSource | null)[];
}

/** Nodes with several inputs (Merge and its like) wait here until all that are connected have got items. */
export class Gatherings {
  private readonly byNode = new Map<string, Gathering>();

  constructor(private readonly index: GraphIndex) {}

  arrive(node: GraphNode, inputs: readonly string[], arrival: Arrival): void {
    let gathering = this.byNode.get(node.id);
    if (!gathering) {
      const handles = new Set(this.index.incoming(node.id).map((edge) => inputs.indexOf(edge.targetHandle)));
      gathering = { node, inputs: inputs.length, connected: [...handles].filter((handle) => handle >= 0), arrivals: [], slots: [] };
      this.byNode.set(node.id, gathering);
    }
    gathering.arrivals.push(arrival);
  }

  /**
   * Puts arrivals into slots in n8n's order, as far as no earlier one can still come, and gives the visits that are full.
   * An arrival goes into the first slot whose input is free, so the n-th arrival of each input meets the n-th of the others.
   */
  settle(canStillArrive: (nodeId: string, before: Path) => boolean): Gathered[] {
    const full: Gathered[] = [];
    for (const gathering of this.byNode.values()) {
      const { node, arrivals, slots, connected, inputs } = gathering;
      arrivals.sort((a, b) => comparePaths(a.path, b.path));
      for (let arrival = arrivals[0]; arrival && !canStillArrive(node.id, arrival.path); arrival = arrivals[0]) {
        const { input, path, source } = arrival;
        arrivals.shift();
        let slot = slots.find((candidate) => !candidate.sources[input]);
        if (!slot) {
          slot = { sources: Array.from({ length: inputs }, () => null), last: path };
          slots.push(slot);
        }
        slot.sources[input] = source;
        slot.last = path;
        const { sources } = slot;
        if (connected.every((handle) => sources[handle])) {
          slots.splice(slots.indexOf(slot), 1);
          full.push({ node, path, sources });
        }
      }
    }
    return full;
  }

  /**
   * Lets one node run with some of its inputs missing, when nothing under way can bring them any more; null when there is none.
   * One that another open one leads to waits for it, unless they lead to each other.
   */
  release(canStillArrive: (nodeId: string) => boolean): Gathered | null {
    const open = [...this.byNode.values()].filter(({ node, slots }) => slots.length > 0 && !canStillArrive(node.id));
    const leads = (from: Gathering, to: Gathering) => this.index.reaches(from.node.id, to.node.id);
    const first = open.filter((one) => !open.some((other) => other !== one && leads(other, one) && !leads(one, other)));
    const [next] = first.sort((a, b) => comparePaths(a.slots[0]!.last, b.slots[0]!.last));
    const slot = next?.slots.shift();
    return next && slot ? { node: next.node, path: nextRound(slot.last), sources: slot.sources } : null;
  }
}
