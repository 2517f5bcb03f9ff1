"use client";
import { useMutation } from "@tanstack/react-query";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";

/** Whether the published version's triggers fire. Shows at once, and goes back when the server says no. */
export function ActiveSwitch({
  flowId,
  active,
  published,
  onActive,
}: {
  flowId: string;
  active: boolean;
  published: boolean;
  onActive: (active: boolean) => void;
}) {
  const trpc = useTRPC();
  const setActive = useMutation(
    trpc.flows.setActive.mutationOptions({
      onMutate: (input) => onActive(input.active),
      onError: (error, input) => {
        onActive(!input.active);
        toast.error(input.active ? "The flow was not activated" : "The flow was not deactivated", { description: errorMessage(error) });
      },
    }),
  );
  return (
    <Tooltip content={!published ? "Publish the flow first" : active ? "Its triggers fire" : "Its triggers do not fire"}>
      <span className="flex items-center gap-2 text-muted-foreground text-xs">
        <Switch
          aria-label="Active"
          checked={active}
          disabled={!published}
          onCheckedChange={(next) => setActive.mutate({ id: flowId, active: next })}
        />
        <span aria-hidden="true" className="max-lg:hidden">
          {active ? "Active" : "Inactive"}
        </span>
      </span>
    </Tooltip>
  );
}
