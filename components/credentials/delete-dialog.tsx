"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { FieldError } from "@/components/ui/form-field";
import { toast } from "@/components/ui/toast";
import type { CredentialDialogProps } from "./edit-dialog";

export function DeleteDialog({ credential, onClose }: CredentialDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const detail = useQuery(trpc.credentials.get.queryOptions({ id: credential.id }, { staleTime: 0 }));
  const remove = useMutation(
    trpc.credentials.delete.mutationOptions({
      onSuccess: () => {
        toast.success(`Deleted “${credential.name}”`);
        void queryClient.invalidateQueries(trpc.credentials.pathFilter());
        onClose();
      },
    }),
  );
  const uses = detail.data?.usedBy ?? [];
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete “${credential.name}”?`}
      description={
        detail.isPending
          ? "Looking for flows that use it…"
          : detail.isError
            ? `Which flows use it could not be found out: ${errorMessage(detail.error)} They fail without it. This cannot be undone.`
            : uses.length === 0
              ? "No flow uses it. This cannot be undone."
              : `Steps of ${uses
                  .slice(0, 5)
                  .map(({ flowName }) => `“${flowName}”`)
                  .join(", ")}${uses.length > 5 ? ` and ${uses.length - 5} more flows` : ""} fail without it. This cannot be undone.`
      }
      confirmLabel="Delete"
      pending={remove.isPending || detail.isPending}
      error={remove.isError ? <FieldError>{errorMessage(remove.error)}</FieldError> : null}
      onConfirm={() => remove.mutate({ id: credential.id, force: true })}
    />
  );
}
