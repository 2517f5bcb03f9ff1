"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from "@/components/ui/dialog";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { TextField } from "@/components/ui/text-field";
import { RoleSelect } from "./role-select";

const KEY_ROLES = ["viewer", "editor", "admin"] as const;
type KeyRole = (typeof KEY_ROLES)[number];

export function CreateApiKey() {
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setKey(null);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Create API key
        </Button>
      </DialogTrigger>
      {/* The key is shown once: a slip of the mouse must not take it away. */}
      <DialogContent hideClose={key !== null} onInteractOutside={(event) => key !== null && event.preventDefault()}>
        {key === null ? <CreateForm onCreated={setKey} /> : <NewKey value={key} />}
      </DialogContent>
    </Dialog>
  );
}

function CreateForm({ onCreated }: { onCreated: (key: string) => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<KeyRole>("editor");
  const [problem, setProblem] = useState<string | null>(null);
  const create = useMutation(
    trpc.apiKeys.create.mutationOptions({
      onSuccess: ({ key }) => {
        onCreated(key);
        void queryClient.invalidateQueries(trpc.apiKeys.list.pathFilter());
      },
    }),
  );
  const nameProblem = problem ?? fieldErrors(create.error).name;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (!name) return setProblem("Name it after what will use it, so that you can revoke the right one.");
    setProblem(null);
    create.mutate({ name, role });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <DialogHeader>
        <DialogTitle>Create API key</DialogTitle>
        <DialogDescription>For scripts and services that create flows, start them and read their executions.</DialogDescription>
      </DialogHeader>
      <TextField label="Name" error={nameProblem} name="name" placeholder="Deploy pipeline" maxLength={100} autoFocus />
      <FormField label="Role" hint="What the key may do. Give it no more than it needs.">
        {({ id }) => <RoleSelect id={id} value={role} onChange={setRole} roles={KEY_ROLES} />}
      </FormField>
      {create.isError && !nameProblem ? <FieldError>{errorMessage(create.error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={create.isPending}>
          Create
        </Button>
      </DialogFooter>
    </form>
  );
}

function NewKey({ value }: { value: string }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <DialogHeader>
        <DialogTitle>Copy your API key</DialogTitle>
        <DialogDescription>
          Send it as <code className="rounded bg-subtle px-1 py-0.5 font-mono text-xs">Authorization: Bearer …</code>
        </DialogDescription>
      </DialogHeader>
      <div className="flex items-center gap-1.5">
        <Input
          aria-label="API key"
          value={value}
          readOnly
          autoFocus
          onFocus={(event) => event.target.select()}
          className="font-mono text-xs"
          data-testid="api-key"
        />
        <CopyButton value={value} label="Copy API key" variant="secondary" size="icon" />
      </div>
      <p className="flex gap-2 rounded-md bg-warning-soft px-3 py-2 text-warning-text text-xs">
        <TriangleAlert aria-hidden="true" className="mt-px size-3.5 shrink-0" />
        This is the only time it is shown. Keep it where secrets are kept.
      </p>
      <DialogFooter>
        <DialogClose asChild>
          <Button variant="primary">I have copied it</Button>
        </DialogClose>
      </DialogFooter>
    </div>
  );
}
