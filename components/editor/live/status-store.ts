import type { NodeRunStatus } from "./node-status";

/**
 * Run status by node, outside of the canvas' nodes: a change re-renders one badge, not the flow. Listeners hear of changes
 * once per animation frame, however many events arrived.
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

export function createStatusStore(nextFrame: (flush: () => void) => void = (flush) => requestAnimationFrame(flush)): StatusStore {
  const statuses = new Map<string, NodeRunStatus>();
  const listeners = new Map<string, Set<() => void>>();
  const dirty = new Set<string>();
  let scheduled = false;

  const flush = (): void => {
    scheduled = false;
    const changed = [...dirty];
    dirty.clear();
    for (const nodeId of changed) for (const listener of listeners.get(nodeId) ?? []) listener();
  };

  const set = (nodeId: string, status: NodeRunStatus | undefined): void => {
    if (same(statuses.get(nodeId), status)) return;
    if (status) statuses.set(nodeId, status);
    else statuses.delete(nodeId);
    dirty.add(nodeId);
    if (scheduled) return;
    scheduled = true;
    nextFrame(flush);
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
