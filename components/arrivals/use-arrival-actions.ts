"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

/** Replay and discard, from the list. */
export function useArrivalActions() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries(trpc.arrivals.list.pathFilter());
  const replay = useMutation(
    trpc.arrivals.replay.mutationOptions({
      onSuccess: ({ executionId }) =>
        toast.success("Replayed", { action: { label: "Open", onClick: () => router.push(`/executions/${executionId}`) } }),
      onError: (error) => toast.error("It was not replayed", { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  const discard = useMutation(
    trpc.arrivals.discard.mutationOptions({
      onError: (error) => toast.error("It was not discarded", { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  return { replay, discard };
}
