"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { Switch } from "@/components/ui/switch";
import type { CredentialDialogProps } from "./edit-dialog";

const ROLES = [
  { value: "editor", label: "Everybody who edits flows" },
  { value: "admin", label: "Admins and owners" },
  { value: "owner", label: "Owners" },
] as const;
type MinRole = (typeof ROLES)[number]["value"];

/** Who may put a credential into flows, and which flows may use it. */
export function ShareDialog({ credential, onClose }: CredentialDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const allId = useId();
  const [minRole, setMinRole] = useState<MinRole>(credential.minRole === "viewer" ? "editor" : credential.minRole);
  const [limited, setLimited] = useState(credential.flowIds.length > 0);
  const [flowIds, setFlowIds] = useState<ReadonlySet<string>>(new Set(credential.flowIds));
  const flows = useQuery(trpc.flows.list.queryOptions({}, { enabled: limited }));
  const share = useMutation(
    trpc.credentials.share.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.credentials.pathFilter());
        onClose();
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    share.mutate({ id: credential.id, minRole, flowIds: limited ? [...flowIds] : [] });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <DialogHeader>
            <DialogTitle className="break-words">{`Share “${credential.name}”`}</DialogTitle>
            <DialogDescription>Whoever may use it never sees its values.</DialogDescription>
          </DialogHeader>
          <ChoiceField label="Who may put it into flows" value={minRole} options={ROLES} onChange={setMinRole} />
          <div className="flex items-center justify-between gap-4">
            <label htmlFor={allId} className="font-medium text-sm">
              Only in some flows
            </label>
            <Switch id={allId} checked={limited} onCheckedChange={setLimited} />
          </div>
          {limited ? (
            <fieldset className="grid max-h-48 min-w-0 grid-cols-[minmax(0,1fr)] gap-1 overflow-y-auto rounded-md border border-border p-2">
              <legend className="sr-only">Flows that may use it</legend>
              {flows.isPending ? <Skeleton className="h-6" /> : null}
              {flows.isError ? <FieldError>{`The flows could not be loaded. ${errorMessage(flows.error)}`}</FieldError> : null}
              {flows.data?.flows.map((flow) => (
                <label key={flow.id} className="flex min-w-0 items-center gap-2 rounded px-1 py-0.5 text-sm hover:bg-hover">
                  <input
                    type="checkbox"
                    className="accent-primary"
                    checked={flowIds.has(flow.id)}
                    onChange={(event) => {
                      const next = new Set(flowIds);
                      if (event.target.checked) next.add(flow.id);
                      else next.delete(flow.id);
                      setFlowIds(next);
                    }}
                  />
                  <span className="truncate" title={flow.name}>
                    {flow.name}
                  </span>
                </label>
              ))}
            </fieldset>
          ) : null}
          {share.isError ? <FieldError>{errorMessage(share.error)}</FieldError> : null}
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" disabled={limited && flowIds.size === 0} pending={share.isPending}>
              Save
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
