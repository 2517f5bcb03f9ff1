import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { inferRouterInputs } from "@trpc/server";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import type { AppRouter } from "@/server/trpc/router";
import { type Credential, isTriable } from "./types";

type NewCredential = inferRouterInputs<AppRouter>["credentials"]["create"];

/** Saves a new credential and tries it. While it does not work, saving again replaces it. */
export function useSaveCredential({ onCreated, onWorks }: { onCreated: (credential: Credential) => void; onWorks: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [saved, setSaved] = useState<Credential | null>(null);
  const [outcome, setOutcome] = useState<{ ok: boolean; message: string } | null>(null);
  const test = useMutation(trpc.credentials.test.mutationOptions());
  const create = useMutation(trpc.credentials.create.mutationOptions());
  const remove = useMutation(trpc.credentials.delete.mutationOptions());
  const refresh = () => void queryClient.invalidateQueries(trpc.credentials.pathFilter());

  const tryOut = (credential: Credential) => {
    // Nothing is known of how to try it: that its values are kept says nothing of them.
    if (!isTriable(credential)) {
      toast.success(`Saved “${credential.name}”`);
      return onWorks();
    }
    test.mutate(
      { id: credential.id },
      {
        onSuccess: (result) => {
          if (!result.ok) return setOutcome(result);
          toast.success(`Saved “${credential.name}”`, { description: result.message });
          onWorks();
        },
        onError: (error) => setOutcome({ ok: false, message: `It could not be tried. ${errorMessage(error)}` }),
        onSettled: refresh,
      },
    );
  };

  const save = (input: NewCredential) => {
    setOutcome(null);
    create.mutate(input, {
      onSuccess: (credential) => {
        // Made anew, since where it may go follows from its values; the one that did not work goes.
        if (saved) remove.mutate({ id: saved.id, force: true }, { onSettled: refresh });
        setSaved(credential);
        refresh();
        onCreated(credential);
        tryOut(credential);
      },
    });
  };

  const pending: "save" | "test" | null = test.isPending ? "test" : create.isPending ? "save" : null;
  return { save, saved, outcome, pending, error: create.error };
}
