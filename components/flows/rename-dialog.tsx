"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { TextAreaField, TextField } from "@/components/ui/text-field";
import { type FlowSummary, useFlowCache } from "./flow-cache";

export function RenameDialog({ flow, open, onOpenChange }: { flow: FlowSummary; open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>Rename flow</DialogTitle>
        </DialogHeader>
        <RenameForm flow={flow} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function RenameForm({ flow, onDone }: { flow: FlowSummary; onDone: () => void }) {
  const trpc = useTRPC();
  const cache = useFlowCache();
  const [problem, setProblem] = useState<string | null>(null);
  const rename = useMutation(
    trpc.flows.rename.mutationOptions({
      onSuccess: () => {
        onDone();
        void cache.refresh();
      },
    }),
  );
  const fields = fieldErrors(rename.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    if (!name) return setProblem("Give the flow a name.");
    setProblem(null);
    rename.mutate({ id: flow.id, name, description: String(form.get("description") ?? "").trim() });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField
        label="Name"
        error={problem ?? fields.name}
        name="name"
        defaultValue={flow.name}
        maxLength={200}
        autoFocus
        onFocus={(event) => event.target.select()}
      />
      <TextAreaField
        label="Description"
        hint="What it is for; found by search too."
        error={fields.description}
        name="description"
        defaultValue={flow.description ?? ""}
        maxLength={2000}
        rows={2}
      />
      {rename.isError && !fields.name && !fields.description ? <FieldError>{errorMessage(rename.error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={rename.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}
