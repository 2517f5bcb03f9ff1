import type { ExecutionHead, ExecutionSnapshot, LiveEvent, StepRecord } from "./events";
import { isTerminal, isTerminalStep, type StepStatus } from "./status";

/** One visit of a node as it is shown: the fold of its journal records. */
export interface VisitView {
  key: string;
  nodeId: string;
  runIndex: number;
  attempt: number;
  status: StepStatus;
  counts: number[] | null;
  error: StepRecord["error"];
  startedAt: string | null;
  finishedAt: string | null;
  wakeAt: string | null;
}

/** An execution as the canvas and the history show it. Treated as immutable. */
export interface ExecutionView {
  execution: ExecutionHead;
  /** By step key, in order of first appearance. */
  visits: ReadonlyMap<string, VisitView>;
  /** Last journal position that is folded in. */
  seq: number;
  /** An event beyond `seq + 1` arrived: ask for the records after `seq`. */
  gap: boolean;
}

const visitOf = (step: StepRecord, previous: VisitView | undefined): VisitView => ({
  key: step.key,
  nodeId: step.nodeId,
  runIndex: step.runIndex,
  attempt: step.attempt,
  // A failed attempt that is tried again is waiting for its next one.
  status: step.status === "failed" && step.wakeAt !== null ? "queued" : step.status,
  counts: step.counts,
  error: step.error,
  startedAt: previous?.startedAt ?? step.startedAt,
  finishedAt: step.finishedAt,
  wakeAt: step.wakeAt,
});

/** Once an execution ended, no visit of it is under way. */
const settle = (visits: ReadonlyMap<string, VisitView>, execution: ExecutionHead): ReadonlyMap<string, VisitView> => {
  if (!isTerminal(execution.status) || [...visits.values()].every((visit) => isTerminalStep(visit.status))) return visits;
  return new Map(
    [...visits].map(([key, visit]) => [
      key,
      isTerminalStep(visit.status) ? visit : { ...visit, status: "cancelled" as const, finishedAt: execution.finishedAt, wakeAt: null },
    ]),
  );
};

/** The view of a snapshot: rows and live events fold to the same thing. */
export function viewOf(snapshot: ExecutionSnapshot): ExecutionView {
  const visits = new Map<string, VisitView>();
  let seq = snapshot.execution.seq;
  for (const step of [...snapshot.steps].sort((a, b) => a.seq - b.seq)) {
    visits.set(step.key, visitOf(step, visits.get(step.key)));
    seq = Math.max(seq, step.seq);
  }
  return withHints({ execution: snapshot.execution, visits: settle(visits, snapshot.execution), seq, gap: false }, snapshot);
}

const withHints = (view: ExecutionView, { atWork = [] }: ExecutionSnapshot): ExecutionView => atWork.reduce(applyEvent, view);

/**
 * Folds one live event in. Events at or before `seq` change nothing; one beyond `seq + 1` sets `gap` and is not applied,
 * so that order never matters: the caller then merges the rows after `seq` with `catchUp`.
 */
export function applyEvent(view: ExecutionView, event: LiveEvent): ExecutionView {
  switch (event.type) {
    case "hint": {
      if (isTerminal(view.execution.status)) return view;
      const known = view.visits.get(event.key);
      if (known && (known.attempt > event.attempt || (known.attempt === event.attempt && known.status !== "running"))) return view;
      if (known && isTerminalStep(known.status)) return view;
      const visits = new Map(view.visits);
      visits.set(event.key, {
        key: event.key,
        nodeId: event.nodeId,
        runIndex: event.runIndex,
        attempt: event.attempt,
        status: "running",
        counts: null,
        error: null,
        startedAt: known?.startedAt ?? event.startedAt,
        finishedAt: null,
        wakeAt: null,
      });
      return { ...view, visits };
    }
    case "step": {
      if (event.seq <= view.seq) return view;
      if (event.seq > view.seq + 1) return view.gap ? view : { ...view, gap: true };
      const visits = new Map(view.visits);
      visits.set(event.step.key, visitOf(event.step, visits.get(event.step.key)));
      return { ...view, visits, seq: event.seq };
    }
    case "execution": {
      if (isTerminal(view.execution.status)) return view;
      if (!isTerminal(event.execution.status)) {
        // Not journaled: the latest word wins, unless rows that this word already knows are missing here.
        if (event.seq > view.seq) return view.gap ? view : { ...view, gap: true };
        if (event.seq < view.seq) return view;
        return { ...view, execution: event.execution };
      }
      if (event.seq > view.seq + 1) return view.gap ? view : { ...view, gap: true };
      return { ...view, execution: event.execution, visits: settle(view.visits, event.execution), seq: Math.max(view.seq, event.seq) };
    }
  }
}

/** Merges the head and the records after `view.seq`, as the server answers them after a gap. */
export function catchUp(view: ExecutionView, answer: ExecutionSnapshot): ExecutionView {
  const visits = new Map(view.visits);
  let seq = view.seq;
  for (const step of [...answer.steps].sort((a, b) => a.seq - b.seq)) {
    if (step.seq <= view.seq) continue;
    visits.set(step.key, visitOf(step, visits.get(step.key)));
    seq = Math.max(seq, step.seq);
  }
  const execution = isTerminal(view.execution.status) ? view.execution : answer.execution;
  return withHints({ execution, visits: settle(visits, execution), seq: Math.max(seq, answer.execution.seq), gap: false }, answer);
}
