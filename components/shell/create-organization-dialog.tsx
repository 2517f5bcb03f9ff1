"use client";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { TextField } from "@/components/ui/text-field";

/** A further organization; the page then opens in it. */
export function CreateOrganizationDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>{open ? <CreateForm /> : null}</DialogContent>
    </Dialog>
  );
}

function CreateForm() {
  const trpc = useTRPC();
  const create = useMutation(
    trpc.organizations.create.mutationOptions({
      // A full load: nothing of the other organization may stay in memory.
      onSuccess: () => window.location.assign("/flows"),
    }),
  );
  const problem = fieldErrors(create.error).name;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ name: String(new FormData(event.currentTarget).get("name") ?? "") });
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <DialogHeader>
        <DialogTitle>Create an organization</DialogTitle>
        <DialogDescription>With flows, credentials and members of its own. You own it.</DialogDescription>
      </DialogHeader>
      <TextField label="Name" error={problem ?? null} name="name" placeholder="Rostov & Sons" maxLength={100} autoFocus required />
      {create.isError && !problem ? <FieldError>{errorMessage(create.error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={create.isPending || create.isSuccess}>
          Create
        </Button>
      </DialogFooter>
    </form>
  );
}
