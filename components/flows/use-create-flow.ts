"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

/** Makes an empty flow and opens it. */
export function useCreateFlow() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation(
    trpc.flows.create.mutationOptions({
      onSuccess: ({ id }) => {
        router.push(`/flows/${id}`);
        void queryClient.invalidateQueries(trpc.flows.list.pathFilter());
      },
      onError: (error) => toast.error("The flow was not created", { description: errorMessage(error) }),
    }),
  );
}
