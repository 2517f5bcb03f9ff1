import type { NodeRunStatus } from "./node-status";

/**
 * Run status by node, outside of the canvas' nodes: a change re-renders one badge, not the flow. Listeners hear of changes
 * once per animation frame, however many events arrived; of very many over several frames, so that the page stays at hand.
 */
export interface StatusStore {
  get(nodeId: string): NodeRunStatus | undefined;
  subscribe(nodeId: string, listener: () => void): () => void;
  /** Makes `next` the whole truth; nodes that it lacks have no status. */
  replace(next: ReadonlyMap<string, NodeRunStatus>): void;
}

const same = (a: NodeRunStatus | undefined, b: NodeRunStatus | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.status === b.status &&
    a.runs === b.runs &&
    a.durationMs === b.durationMs &&
    a.attempt === b.attempt &&
    a.wakeAt === b.wakeAt &&
    a.error?.message === b.error?.message &&
    a.counts.length === b.counts.length &&
    a.counts.every((count, index) => count === b.counts[index]));

/** Drawing a frame has a price of its own, however little changed in it: slices too small take longer altogether. */
const FRAME_MS = 50;
const FIRST_SLICE = 96;
const SMALLEST_SLICE = 64;

export function createStatusStore(nextFrame: (flush: () => void) => void = (flush) => requestAnimationFrame(flush)): StatusStore {
  const statuses = new Map<string, NodeRunStatus>();
  const listeners = new Map<string, Set<() => void>>();
  const dirty = new Set<string>();
  let scheduled = false;
  /** Nodes that are told in one frame; follows how long drawing them takes here. */
  let slice = FIRST_SLICE;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    nextFrame(flush);
  };

  const flush = (): void => {
    scheduled = false;
    const began = performance.now();
    let told = 0;
    for (const nodeId of dirty) {
      if (told >= slice) break;
      dirty.delete(nodeId);
      const own = listeners.get(nodeId);
      if (!own) continue;
      told++;
      for (const listener of own) listener();
    }
    // Listeners render in a microtask that they asked for before this one.
    queueMicrotask(() => {
      if (told < slice) return;
      const took = performance.now() - began;
      if (took > FRAME_MS) slice = Math.max(SMALLEST_SLICE, Math.floor(slice / 2));
      else if (took < FRAME_MS / 2) slice *= 2;
    });
    if (dirty.size > 0) schedule();
  };

  const set = (nodeId: string, status: NodeRunStatus | undefined): void => {
    if (same(statuses.get(nodeId), status)) return;
    if (status) statuses.set(nodeId, status);
    else statuses.delete(nodeId);
    dirty.add(nodeId);
    schedule();
  };

  return {
    get: (nodeId) => statuses.get(nodeId),
    subscribe(nodeId, listener) {
      const own = listeners.get(nodeId) ?? new Set();
      listeners.set(nodeId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(nodeId) === own) listeners.delete(nodeId);
      };
    },
    replace(next) {
      for (const nodeId of [...statuses.keys()]) if (!next.has(nodeId)) set(nodeId, undefined);
      for (const [nodeId, status] of next) set(nodeId, status);
    },
  };
}
