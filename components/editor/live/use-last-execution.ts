"use client";
import { useCallback, useState } from "react";

const keyOf = (flowId: string): string => `tolstoy:last-run:${flowId}`;

/** The run that the canvas shows: kept in this tab, so that a reload shows it again. */
export function useLastExecution(flowId: string): [string | null, (executionId: string | null) => void] {
  const [executionId, setExecutionId] = useState<string | null>(() => sessionStorage.getItem(keyOf(flowId)));
  const keep = useCallback(
    (next: string | null) => {
      if (next === null) sessionStorage.removeItem(keyOf(flowId));
      else sessionStorage.setItem(keyOf(flowId), next);
      setExecutionId(next);
    },
    [flowId],
  );
  return [executionId, keep];
}
