"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";

/** The flow's name, changed where it stands. */
export function FlowName({
  flowId,
  name,
  readOnly,
  onRenamed,
}: {
  flowId: string;
  name: string;
  readOnly: boolean;
  onRenamed: (name: string) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const rename = useMutation(
    trpc.flows.rename.mutationOptions({
      onSuccess: (renamed) => {
        onRenamed(renamed.name);
        // The tab is named after it too.
        queryClient.setQueryData(trpc.flows.get.queryKey({ id: flowId }), (known) => known && { ...known, name: renamed.name });
      },
      onError: (error) => toast.error("The flow keeps its name", { description: errorMessage(error) }),
      onSettled: () => setTyped(null),
    }),
  );
  if (readOnly) return <h1 className="truncate font-medium text-sm">{name}</h1>;
  const keep = () => {
    const wanted = typed?.trim() ?? "";
    if (wanted === "" || wanted === name) setTyped(null);
    else rename.mutate({ id: flowId, name: wanted });
  };
  return (
    <h1 className="min-w-0 shrink">
      <span className="sr-only">{name}</span>
      <span className="relative inline-grid max-w-full items-center">
        {/* Holds the field as wide as its text. */}
        <span aria-hidden="true" className="invisible col-start-1 row-start-1 overflow-hidden whitespace-pre px-1.5 font-medium text-sm">
          {typed ?? name}
        </span>
        <input
          aria-label="Flow name"
          value={typed ?? name}
          size={1}
          maxLength={200}
          disabled={rename.isPending}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
            if (event.key === "Escape") setTyped(null);
          }}
          className="col-start-1 row-start-1 h-7 w-full min-w-16 truncate rounded-md bg-transparent px-1.5 font-medium text-sm outline-none hover:bg-hover focus-visible:bg-field focus-visible:ring-2 focus-visible:ring-ring"
        />
      </span>
    </h1>
  );
}
