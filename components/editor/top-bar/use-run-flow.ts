"use client";
import { useMutation } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import { indexGraph } from "@/flow/graph/traverse";
import type { Autosave } from "../autosave/autosave";
import { useRun } from "../live/run-context";
import { useEditorEnvironment } from "../state/editor-context";
import { problemsOf, type Refusal } from "./problems-dialog";
import { parseRunInput, runInputText, triggersOf } from "./run-input";

export interface RunFlow {
  /** Saves the draft and runs it, from the given trigger or the one of last time. */
  run: (triggerNodeId?: string) => void;
  /** Saves the draft and runs one node: those before it whose data is pinned or known from the shown run do not run again. */
  testStep: (nodeId: string) => void;
  /** Saves the draft and runs it with what came to a test URL. */
  runArrival: (arrivalId: string) => void;
  pending: boolean;
  /** Where the last run started. */
  triggerId: string | null;
}

export function useRunFlow(options: {
  flowId: string;
  autosave: Autosave;
  onStarted: (executionId: string) => void;
  onRefused: (refusal: Refusal) => void;
}): RunFlow {
  const { flowId, autosave, onStarted, onRefused } = options;
  const trpc = useTRPC();
  const { store, definitionOf } = useEditorEnvironment();
  const [triggerId, setTriggerId] = useState<string | null>(null);
  const [preparing, setPreparing] = useState(false);
  const { executionId: shown } = useRun();
  const outcome = (what: "flow" | "step") => ({
    onSuccess: ({ executionId }: { executionId: string }) => onStarted(executionId),
    onError: (error: unknown) => {
      const problems = problemsOf(error);
      if (problems.length > 0) onRefused({ title: `The ${what} cannot run yet`, message: errorMessage(error), problems });
      else toast.error(`The ${what} was not started`, { description: errorMessage(error) });
    },
  });
  const { mutate, isPending } = useMutation(trpc.executions.start.mutationOptions(outcome("flow")));
  const { mutate: mutateStep, isPending: stepPending } = useMutation(trpc.executions.testStep.mutationOptions(outcome("step")));
  const { mutate: mutateArrival, isPending: arrivalPending } = useMutation(trpc.arrivals.replay.mutationOptions(outcome("flow")));

  const save = useCallback(
    async (what: "flow" | "step"): Promise<boolean> => {
      setPreparing(true);
      const saved = await autosave.flush();
      setPreparing(false);
      if (!saved) {
        toast.error(`The ${what} was not started`, {
          description: "The latest changes could not be saved. Check the connection, then run again.",
        });
      }
      return saved;
    },
    [autosave],
  );

  const run = useCallback(
    async (wanted?: string) => {
      const triggers = triggersOf(store.getState().graph.nodes, definitionOf);
      const trigger = triggers.find((node) => node.id === (wanted ?? triggerId)) ?? triggers[0];
      if (!trigger) {
        onRefused({
          title: "The flow cannot run yet",
          message: "It has no trigger. Add a Manual Trigger, connect it with the first node, and run again.",
          problems: [],
        });
        return;
      }
      const input = parseRunInput(runInputText(flowId, trigger, definitionOf));
      if ("error" in input) {
        toast.error("The input of the run is wrong", { description: input.error });
        return;
      }
      setTriggerId(trigger.id);
      if (!(await save("flow"))) return;
      // What is pinned to a trigger stands in for what would arrive.
      mutate({ flowId, triggerNodeId: trigger.id, ...(trigger.pinned ? {} : { items: input.items }) });
    },
    [store, definitionOf, triggerId, flowId, save, mutate, onRefused],
  );

  const testStep = useCallback(
    async (nodeId: string) => {
      const { graph } = store.getState();
      const index = indexGraph(graph);
      const leading = triggersOf(graph.nodes, definitionOf).filter(({ id }) => id === nodeId || index.reaches(id, nodeId));
      const trigger = leading.find(({ id }) => id === triggerId) ?? leading[0];
      const input = trigger ? parseRunInput(runInputText(flowId, trigger, definitionOf)) : null;
      if (input && "error" in input) {
        toast.error("The input of the run is wrong", { description: input.error });
        return;
      }
      if (!(await save("step"))) return;
      const start = trigger && { triggerNodeId: trigger.id, ...(input && !trigger.pinned && { items: input.items }) };
      mutateStep({ flowId, nodeId, ...start, ...(shown && { from: shown }) });
    },
    [store, definitionOf, triggerId, flowId, save, mutateStep, shown],
  );

  const runArrival = useCallback(
    async (id: string) => {
      if (await save("flow")) mutateArrival({ id });
    },
    [save, mutateArrival],
  );

  return useMemo(
    () => ({
      run: (wanted) => void run(wanted),
      testStep: (nodeId) => void testStep(nodeId),
      runArrival: (id) => void runArrival(id),
      pending: preparing || isPending || stepPending || arrivalPending,
      triggerId,
    }),
    [run, testStep, runArrival, preparing, isPending, stepPending, arrivalPending, triggerId],
  );
}
