"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { TextAreaField, TextField } from "@/components/ui/text-field";
import { credentialKind } from "@/flow/credentials/kinds";
import { type Credential, hostsOf } from "./types";

export interface CredentialDialogProps {
  credential: Credential;
  onClose: () => void;
}

/** What of a credential is not secret. */
export function EditDialog({ credential, onClose }: CredentialDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(credential.name);
  const [hosts, setHosts] = useState(credential.allowedHosts.join("\n"));
  const [expires, setExpires] = useState(credential.expiresAt?.slice(0, 10) ?? "");
  const [test, setTest] = useState(credential.settings.test?.url ?? "");
  const update = useMutation(
    trpc.credentials.update.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.credentials.pathFilter());
        onClose();
      },
    }),
  );
  const errors = fieldErrors(update.error);
  const kind = credentialKind(credential.settings.kind ?? "");
  // What is not called by HTTP has its host among its values, and its own way to be tried.
  const isServer = kind !== undefined && !kind.hosts;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { test: _, ...settings } = credential.settings;
    update.mutate({
      id: credential.id,
      name,
      allowedHosts: hostsOf(hosts),
      expiresAt: expires ? `${expires}T23:59:59.000Z` : null,
      settings: { ...settings, ...(test.trim() && { test: { url: test.trim() } }) },
    });
  };
  const problem = (start: string) => Object.entries(errors).find(([field]) => field.startsWith(start))?.[1] ?? null;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <DialogHeader>
            <DialogTitle className="break-words">{`Edit “${credential.name}”`}</DialogTitle>
            <DialogDescription>Its values stay as they are.</DialogDescription>
          </DialogHeader>
          <TextField label="Name" error={problem("name")} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
          {isServer ? null : (
            <>
              <TextAreaField
                label="Hosts"
                hint="Where it may be sent, one a line."
                error={problem("allowedHosts")}
                rows={3}
                value={hosts}
                className="font-mono text-xs"
                onChange={(event) => setHosts(event.target.value)}
              />
              <TextField
                label="Test request (optional)"
                hint="A URL that answers below 400 when the credential works."
                error={problem("settings")}
                value={test}
                placeholder="https://api.example.com/me"
                onChange={(event) => setTest(event.target.value)}
              />
            </>
          )}
          <TextField
            label="Expires (optional)"
            hint="Flows cannot use it after that day."
            type="date"
            value={expires}
            onChange={(event) => setExpires(event.target.value)}
          />
          {update.isError && Object.keys(errors).length === 0 ? <FieldError>{errorMessage(update.error)}</FieldError> : null}
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" pending={update.isPending}>
              Save
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
