"use client";
import { useMutation } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import type { Autosave } from "../autosave/autosave";
import { useEditorEnvironment } from "../state/editor-context";
import { problemsOf, type Refusal } from "./problems-dialog";
import { parseRunInput, runInputText, triggersOf } from "./run-input";

export interface RunFlow {
  /** Saves the draft and runs it, from the given trigger or the one of last time. */
  run: (triggerNodeId?: string) => void;
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
  const { mutate, isPending } = useMutation(
    trpc.executions.start.mutationOptions({
      onSuccess: ({ executionId }) => onStarted(executionId),
      onError: (error) => {
        const problems = problemsOf(error);
        if (problems.length > 0) onRefused({ title: "The flow cannot run yet", message: errorMessage(error), problems });
        else toast.error("The flow was not started", { description: errorMessage(error) });
      },
    }),
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
      setPreparing(true);
      const saved = await autosave.flush();
      setPreparing(false);
      if (!saved) {
        toast.error("The flow was not started", {
          description: "Its latest changes could not be saved. Check the connection, then run again.",
        });
        return;
      }
      mutate({ flowId, triggerNodeId: trigger.id, items: input.items });
    },
    [store, definitionOf, triggerId, flowId, autosave, mutate, onRefused],
  );

  return { run: (wanted) => void run(wanted), pending: preparing || isPending, triggerId };
}
