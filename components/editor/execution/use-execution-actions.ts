"use client";
import { useMutation } from "@tanstack/react-query";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

/** What can be done to the execution that is shown. */
export function useExecutionActions(onRetried: (executionId: string) => void) {
  const trpc = useTRPC();
  const cancel = useMutation(
    trpc.executions.cancel.mutationOptions({
      onError: (error) => toast.error("The execution was not cancelled", { description: errorMessage(error) }),
    }),
  );
  const pause = useMutation(
    trpc.executions.pause.mutationOptions({
      onSuccess: ({ status }) => {
        if (status === "running") toast.success("It pauses as soon as the running steps have ended");
      },
      onError: (error) => toast.error("The execution was not paused", { description: errorMessage(error) }),
    }),
  );
  const resume = useMutation(
    trpc.executions.continue.mutationOptions({
      onError: (error) => toast.error("The execution does not go on", { description: errorMessage(error) }),
    }),
  );
  const retry = useMutation(
    trpc.executions.retry.mutationOptions({
      onSuccess: ({ executionId }) => onRetried(executionId),
      onError: (error) => toast.error("The execution was not started again", { description: errorMessage(error) }),
    }),
  );
  return { cancel, pause, resume, retry };
}
