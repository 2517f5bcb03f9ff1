"use client";
import { useMutation } from "@tanstack/react-query";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

/** Cancel and retry of the execution that is shown. */
export function useExecutionActions(onRetried: (executionId: string) => void) {
  const trpc = useTRPC();
  const cancel = useMutation(
    trpc.executions.cancel.mutationOptions({
      onError: (error) => toast.error("The execution was not cancelled", { description: errorMessage(error) }),
    }),
  );
  const retry = useMutation(
    trpc.executions.retry.mutationOptions({
      onSuccess: ({ executionId }) => onRetried(executionId),
      onError: (error) => toast.error("The execution was not started again", { description: errorMessage(error) }),
    }),
  );
  return { cancel, retry };
}
