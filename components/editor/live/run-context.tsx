"use client";
import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";
import type { VisitView } from "@/flow/execution/reduce";
import type { FeedState } from "./execution-feed";
import { visitsByNode } from "./node-status";
import type { FeedStore } from "./use-execution";

interface RunEnvironment {
  /** The execution that is shown; null before the first run. */
  executionId: string | null;
  feed: FeedStore;
}

const RunContext = createContext<RunEnvironment | null>(null);

export function RunProvider({ value, children }: { value: RunEnvironment; children: ReactNode }) {
  return <RunContext value={value}>{children}</RunContext>;
}

export function useRun(): RunEnvironment {
  const run = useContext(RunContext);
  if (!run) throw new Error("Outside of a RunProvider");
  return run;
}

export const useFeed = <T,>(selector: (state: FeedState) => T): T => useStore(useRun().feed, selector);

const byView = new WeakMap<object, Map<string, VisitView[]>>();
const NONE: VisitView[] = [];

/** Visits of a node in an execution, in order of their run. */
export function visitsOf(state: FeedState, nodeId: string): VisitView[] {
  if (!state.view) return NONE;
  let visits = byView.get(state.view);
  if (!visits) {
    visits = visitsByNode(state.view);
    byView.set(state.view, visits);
  }
  return visits.get(nodeId) ?? NONE;
}
