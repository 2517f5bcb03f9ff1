"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { TextField } from "@/components/ui/text-field";
import { Textarea } from "@/components/ui/textarea";
import { fieldsOfCredential } from "./credential-fields";
import type { CredentialDialogProps } from "./edit-dialog";

/** The values in clear, after the password: gone again with the dialog. */
export function UnmaskDialog({ credential, onClose }: CredentialDialogProps) {
  const trpc = useTRPC();
  const [password, setPassword] = useState("");
  // Nothing of it stays in a cache.
  const unmask = useMutation(trpc.credentials.unmask.mutationOptions({ gcTime: 0 }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    unmask.mutate({ id: credential.id, password });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <DialogHeader>
            <DialogTitle className="break-words">{`Secrets of “${credential.name}”`}</DialogTitle>
            <DialogDescription>That you looked at them is written to the audit log.</DialogDescription>
          </DialogHeader>
          {unmask.isSuccess ? (
            fieldsOfCredential({ ...credential, fields: unmask.data.fields }).map(({ name, label, multiline }) => {
              const value = unmask.data.fields[name];
              return value === undefined ? null : (
                <FormField key={name} label={label} aside={<CopyButton value={value} label={`Copy ${label}`} size="icon-sm" />}>
                  {(control) =>
                    multiline ? (
                      <Textarea {...control} readOnly value={value} className="max-h-40 font-mono text-xs" />
                    ) : (
                      <Input {...control} readOnly value={value} className="font-mono text-xs" />
                    )
                  }
                </FormField>
              );
            })
          ) : (
            <TextField
              label="Your password"
              error={unmask.isError ? errorMessage(unmask.error) : null}
              type="password"
              autoComplete="current-password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
          <DialogFooter>
            <Button onClick={onClose}>Close</Button>
            {unmask.isSuccess ? null : (
              <Button type="submit" variant="primary" disabled={password === ""} pending={unmask.isPending}>
                Show
              </Button>
            )}
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
