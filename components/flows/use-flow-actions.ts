"use client";
import { useMutation } from "@tanstack/react-query";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC, useTRPCClient } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import { type FlowSummary, useFlowCache } from "./flow-cache";

const failed = (what: string) => (error: unknown) => toast.error(what, { description: errorMessage(error) });

/** What can be done to a flow in a list. Each shows at once, and goes back when the server says no. */
export function useFlowActions(flow: FlowSummary) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const cache = useFlowCache();
  const patch = (change: Partial<FlowSummary>) =>
    cache.change((flows) => flows.map((other) => (other.id === flow.id ? { ...other, ...change } : other)));

  const setActive = useMutation(
    trpc.flows.setActive.mutationOptions({
      onMutate: ({ active }) => patch({ active }),
      onError: (error, { active }, undo) => {
        undo?.();
        failed(active ? `“${flow.name}” was not activated` : `“${flow.name}” was not deactivated`)(error);
      },
      onSettled: cache.refresh,
    }),
  );

  const duplicate = useMutation(
    trpc.flows.duplicate.mutationOptions({
      onSuccess: ({ name }) => toast.success(`Made “${name}”`),
      onError: failed(`“${flow.name}” was not duplicated`),
      onSettled: cache.refresh,
    }),
  );

  const undoRemove = async () => {
    try {
      await client.flows.restore.mutate({ id: flow.id });
      toast.success(`“${flow.name}” is back`);
    } catch (error) {
      toast.error(`“${flow.name}” was not brought back`, {
        description: errorMessage(error),
        action: { label: "Try again", onClick: undoRemove },
      });
    }
    await cache.refresh();
  };

  const remove = useMutation(
    trpc.flows.delete.mutationOptions({
      onMutate: () => cache.change((flows) => flows.filter((other) => other.id !== flow.id)),
      onSuccess: () =>
        toast(`Deleted “${flow.name}”`, {
          description: flow.active ? "Its triggers have stopped." : undefined,
          duration: 10_000,
          action: { label: "Undo", onClick: undoRemove },
        }),
      onError: (error, _input, undo) => {
        undo?.();
        failed(`“${flow.name}” was not deleted`)(error);
      },
      onSettled: cache.refresh,
    }),
  );

  return { setActive, duplicate, remove };
}
