"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

/** Retry and cancel, from a list. */
export function useExecutionActions() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries(trpc.executions.list.pathFilter());
  const retry = useMutation(
    trpc.executions.retry.mutationOptions({
      onSuccess: ({ executionId }) =>
        toast.success("Started again", { action: { label: "Open", onClick: () => router.push(`/executions/${executionId}`) } }),
      onError: (error) => toast.error("The execution was not started again", { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  const cancel = useMutation(
    trpc.executions.cancel.mutationOptions({
      onError: (error) => toast.error("The execution was not cancelled", { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  return { retry, cancel };
}
