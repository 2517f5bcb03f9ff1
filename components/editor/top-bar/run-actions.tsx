"use client";
import { createContext, type ReactNode, useContext } from "react";

/** Running, where it can be started: null beside a graph that is only looked at. */
export interface RunActions {
  /** Saves the draft and runs one node, with what it needs before it. */
  testStep: (nodeId: string) => void;
  /** Saves the draft and runs it with what came to a test URL. */
  runArrival: (arrivalId: string) => void;
  /** A run is about to start. */
  pending: boolean;
}

const RunActionsContext = createContext<RunActions | null>(null);

export function RunActionsProvider({ value, children }: { value: RunActions | null; children: ReactNode }) {
  return <RunActionsContext value={value}>{children}</RunActionsContext>;
}

export const useRunActions = (): RunActions | null => useContext(RunActionsContext);
