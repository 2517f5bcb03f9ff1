"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/form-field";
import { InlineCode } from "@/components/ui/inline-code";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { ActionDialog } from "./action-dialog";
import { ActionHeading } from "./action-heading";
import { ToolUsers } from "./tool-users";
import { TryPanel } from "./try-panel";

/** One action: what it is, and trying it out. */
export function ActionView({ actionId, auth, onDeleted }: { actionId: string; auth: string; onDeleted: () => void }) {
  const trpc = useTRPC();
  const canEdit = useCan("editor");
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const query = useQuery(trpc.actions.get.queryOptions({ id: actionId }));
  const action = query.data;
  if (query.isError) {
    return <LoadError title="The action could not be loaded" query={query} />;
  }
  return (
    <Card className="min-w-0 self-start p-5" role="region" aria-label={action ? `Action ${action.name}` : "Action"} aria-busy={!action}>
      {action ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <header className="flex items-start justify-between gap-3">
            <ActionHeading action={action} />
            {canEdit ? (
              <div className="flex shrink-0 gap-1.5">
                <Button size="sm" onClick={() => setDialog("edit")}>
                  <Pencil aria-hidden="true" />
                  Edit
                </Button>
                <Button size="icon-sm" variant="ghost" aria-label="Delete action" onClick={() => setDialog("delete")}>
                  <Trash2 aria-hidden="true" />
                </Button>
              </div>
            ) : null}
          </header>
          {action.description ? (
            <p className="max-h-40 overflow-y-auto whitespace-pre-line break-words text-muted-foreground text-sm">
              <InlineCode text={action.description} />
            </p>
          ) : null}
          <section aria-label="Try it" className="grid grid-cols-[minmax(0,1fr)] gap-4 border-border border-t pt-4">
            <h3 className="font-semibold text-sm">Try it</h3>
            {canEdit ? (
              <TryPanel key={action.version} action={{ ...action, tool: { toolId: action.toolId } }} needsCredential={auth !== "none"} />
            ) : (
              <p className="text-muted-foreground text-sm">Your role may look, not call.</p>
            )}
          </section>
        </div>
      ) : (
        <div className="grid gap-3">
          <Skeleton className="h-5 w-1/2" />
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-24 w-full" />
        </div>
      )}
      {action ? (
        <>
          <ActionDialog open={dialog === "edit"} toolId={action.toolId} action={action} onClose={() => setDialog(null)} />
          <DeleteAction
            open={dialog === "delete"}
            id={action.id}
            toolId={action.toolId}
            name={action.name}
            onDeleted={onDeleted}
            onClose={() => setDialog(null)}
          />
        </>
      ) : null}
    </Card>
  );
}

function DeleteAction({
  open,
  id,
  toolId,
  name,
  onDeleted,
  onClose,
}: {
  open: boolean;
  id: string;
  toolId: string;
  name: string;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.actions.delete.mutationOptions({
      onSuccess: async () => {
        onClose();
        await queryClient.invalidateQueries(trpc.actions.list.pathFilter());
        onDeleted();
        toast.success(`Deleted “${name}”`);
      },
    }),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={`Delete “${name}”?`}
      description="Nodes that call it stay in their flows and fail until another action is chosen."
      details={<ToolUsers open={open} toolId={toolId} actionId={id} />}
      confirmLabel="Delete action"
      pending={remove.isPending}
      onConfirm={() => remove.mutate({ id })}
      error={remove.isError ? <FieldError>{errorMessage(remove.error)}</FieldError> : null}
    />
  );
}
