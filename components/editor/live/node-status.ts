import type { StepError } from "@/flow/execution/errors";
import type { ExecutionView, VisitView } from "@/flow/execution/reduce";
import type { StepStatus } from "@/flow/execution/status";

/** How a node stands in the execution that is shown: the fold of its visits. */
export interface NodeRunStatus {
  status: StepStatus;
  /** Visits so far. */
  runs: number;
  /** Items given so far by output handle, over all visits. */
  counts: readonly number[];
  /** Milliseconds that its finished visits took together; null while none has finished. */
  durationMs: number | null;
  error: StepError | null;
  /** Attempt of the latest visit, 1-based. */
  attempt: number;
  wakeAt: string | null;
}

const RANK: Record<StepStatus, number> = { running: 6, waiting: 5, queued: 4, failed: 3, cancelled: 2, succeeded: 1, skipped: 0 };

function fold(visits: readonly VisitView[]): NodeRunStatus {
  const counts: number[] = [];
  let status: StepStatus = "skipped";
  let durationMs: number | null = null;
  let error: StepError | null = null;
  for (const visit of visits) {
    if (RANK[visit.status] > RANK[status]) status = visit.status;
    visit.counts?.forEach((count, index) => {
      counts[index] = (counts[index] ?? 0) + count;
    });
    if (visit.startedAt && visit.finishedAt)
      durationMs = (durationMs ?? 0) + Math.max(0, Date.parse(visit.finishedAt) - Date.parse(visit.startedAt));
    if (visit.error) error = visit.error as StepError;
  }
  const latest = visits.at(-1);
  return { status, runs: visits.length, counts, durationMs, error, attempt: latest?.attempt ?? 1, wakeAt: latest?.wakeAt ?? null };
}

/** Visits of each node, in order of their run. */
export function visitsByNode(view: ExecutionView): Map<string, VisitView[]> {
  const byNode = new Map<string, VisitView[]>();
  for (const visit of view.visits.values()) {
    const visits = byNode.get(visit.nodeId);
    if (visits) visits.push(visit);
    else byNode.set(visit.nodeId, [visit]);
  }
  for (const visits of byNode.values()) visits.sort((a, b) => a.runIndex - b.runIndex);
  return byNode;
}

export function nodeStatuses(view: ExecutionView): Map<string, NodeRunStatus> {
  return new Map([...visitsByNode(view)].map(([nodeId, visits]) => [nodeId, fold(visits)]));
}
