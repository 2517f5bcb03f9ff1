"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { CREDENTIAL_FIELDS, isSensitive } from "@/flow/credentials/fields";
import type { CredentialDialogProps } from "./edit-dialog";
import { KnownFields, SecretInput } from "./field-inputs";

/** New values in place of the old ones; flows go on with them at once. */
export function RotateDialog({ credential, onClose }: CredentialDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [values, setValues] = useState<Record<string, string>>({});
  const rotate = useMutation(
    trpc.credentials.rotate.mutationOptions({
      onSuccess: () => {
        toast.success(`“${credential.name}” has new values`);
        void queryClient.invalidateQueries(trpc.credentials.pathFilter());
        onClose();
      },
    }),
  );
  const errors = fieldErrors(rotate.error);
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate({ id: credential.id, fields: given });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form onSubmit={submit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>{`Replace the values of “${credential.name}”`}</DialogTitle>
            <DialogDescription>Flows use them from their next request on.</DialogDescription>
          </DialogHeader>
          {credential.type === "custom" ? (
            Object.entries(credential.fields).map(([name, masked]) => (
              <FormField key={name} label={name} hint={`Now ${masked}. Leave empty to keep it.`} error={errors[`fields.${name}`] ?? null}>
                {(control) => {
                  const shared = {
                    ...control,
                    value: values[name] ?? "",
                    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
                  };
                  return isSensitive("custom", name) ? <SecretInput {...shared} /> : <Input {...shared} autoComplete="off" />;
                }}
              </FormField>
            ))
          ) : (
            <KnownFields
              fields={CREDENTIAL_FIELDS[credential.type]}
              values={values}
              masked={credential.fields}
              errors={errors}
              onChange={setValues}
            />
          )}
          {rotate.isError && Object.keys(errors).length === 0 ? <FieldError>{errorMessage(rotate.error)}</FieldError> : null}
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" disabled={Object.keys(given).length === 0} pending={rotate.isPending}>
              Replace
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
