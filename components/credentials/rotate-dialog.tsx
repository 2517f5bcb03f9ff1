"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { toast } from "@/components/ui/toast";
import { fieldsOfCredential } from "./credential-fields";
import type { CredentialDialogProps } from "./edit-dialog";
import { KnownFields } from "./field-inputs";
import { TestOutcome } from "./test-outcome";
import { isTriable } from "./types";

/** New values in place of the old ones; flows go on with them at once. They are tried where that is possible. */
export function RotateDialog({ credential, onClose }: CredentialDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const fields = fieldsOfCredential(credential);
  // What is not secret is there to be changed; of a secret there is only the mask.
  const before = Object.fromEntries(fields.map(({ name, sensitive }) => [name, sensitive ? "" : (credential.fields[name] ?? "")]));
  const [values, setValues] = useState<Record<string, string>>(before);
  const [hasNew, setHasNew] = useState(false);
  const refresh = () => void queryClient.invalidateQueries(trpc.credentials.pathFilter());
  const test = useMutation(trpc.credentials.test.mutationOptions({ onSettled: refresh }));
  const finish = (description?: string) => {
    toast.success(`“${credential.name}” has new values`, { description });
    onClose();
  };
  const rotate = useMutation(
    trpc.credentials.rotate.mutationOptions({
      onSuccess: () => {
        refresh();
        setHasNew(true);
        if (!isTriable(credential)) return finish();
        test.mutate({ id: credential.id }, { onSuccess: ({ ok, message }) => ok && finish(message) });
      },
    }),
  );
  const errors = fieldErrors(rotate.error);
  const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== before[name]));
  const isShown = (field: string) => fields.some(({ name }) => field === `fields.${name}`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.reset();
    rotate.mutate({ id: credential.id, fields: changed });
  };
  const outcome = test.isError ? { ok: false, message: `It could not be tried. ${errorMessage(test.error)}` } : test.data;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="max-w-lg">
        <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <DialogHeader>
            <DialogTitle className="break-words">{`Replace the values of “${credential.name}”`}</DialogTitle>
            <DialogDescription>Flows use them from their next request on.</DialogDescription>
          </DialogHeader>
          <KnownFields
            fields={fields}
            values={values}
            masked={Object.fromEntries(
              fields.filter(({ sensitive }) => sensitive).map(({ name }) => [name, credential.fields[name] ?? ""]),
            )}
            errors={errors}
            onChange={setValues}
          />
          {rotate.isError && !Object.keys(errors).some(isShown) ? <FieldError>{errorMessage(rotate.error)}</FieldError> : null}
          {outcome && !outcome.ok && !rotate.isPending ? <TestOutcome outcome={outcome}>The new values are in place.</TestOutcome> : null}
          <DialogFooter>
            <Button onClick={onClose}>{hasNew ? "Close" : "Cancel"}</Button>
            <Button
              type="submit"
              variant="primary"
              disabled={Object.keys(changed).length === 0}
              pending={rotate.isPending || test.isPending}
            >
              {test.isPending ? "Testing" : "Replace"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
