"use client";
import { useMutation } from "@tanstack/react-query";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

export function useSwitchOrganization() {
  const trpc = useTRPC();
  return useMutation(
    trpc.organizations.switch.mutationOptions({
      // A full load: nothing of the other organization may stay in memory.
      onSuccess: () => window.location.assign("/flows"),
      onError: (error) => toast.error("The organization was not switched", { description: errorMessage(error) }),
    }),
  );
}
