"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
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
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";

export interface Webhook {
  id: string;
  name: string;
  url: string;
  eventTypes: string[];
  enabled: boolean;
  hasSecret: boolean;
}

const USUAL = ["flow.completed", "flow.failed"];

export function CreateWebhook() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Add webhook
        </Button>
      </DialogTrigger>
      <DialogContent className="max-w-lg">
        <WebhookForm webhook={null} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

/** A new webhook, or the changes to one. A secret that is left empty stays as it is. */
export function WebhookForm({ webhook, onDone }: { webhook: Webhook | null; onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [eventTypes, setEventTypes] = useState<readonly string[]>(webhook?.eventTypes ?? USUAL);
  const onSuccess = async ({ name }: { name: string }) => {
    toast.success(webhook ? `Saved “${name}”` : `Added “${name}”`);
    onDone();
    await queryClient.invalidateQueries(trpc.webhooks.pathFilter());
  };
  const create = useMutation(trpc.webhooks.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.webhooks.update.mutationOptions({ onSuccess }));
  const { error, isPending } = webhook ? update : create;
  const problems = fieldErrors(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const given = {
      name: text("name"),
      url: text("url"),
      eventTypes: eventTypes as Parameters<typeof create.mutate>[0]["eventTypes"],
      ...(text("secret") !== "" && { secret: text("secret") }),
    };
    if (webhook) update.mutate({ ...given, id: webhook.id });
    else create.mutate(given);
  };
  const isShown = problems.name || problems.url || problems.secret || problems.eventTypes;
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      <DialogHeader>
        <DialogTitle>{webhook ? "Edit webhook" : "Add webhook"}</DialogTitle>
        <DialogDescription>Tolstoy sends a POST request with JSON to its address, for each thing that happens.</DialogDescription>
      </DialogHeader>
      <TextField
        label="Name"
        error={problems.name}
        name="name"
        defaultValue={webhook?.name}
        placeholder="Alerts"
        maxLength={100}
        autoFocus
      />
      <TextField
        label="Address"
        error={problems.url}
        name="url"
        type="url"
        defaultValue={webhook?.url}
        placeholder="https://example.com/hooks/tolstoy"
        maxLength={2000}
      />
      <TextField
        label="Secret (optional)"
        error={problems.secret}
        hint={
          webhook?.hasSecret
            ? "Leave it empty to keep the one it has."
            : "At least 16 characters. Messages are signed with it, so that your service can tell that they are ours."
        }
        name="secret"
        type="password"
        maxLength={1000}
        autoComplete="new-password"
      />
      <EventTypes value={eventTypes} onChange={setEventTypes} error={problems.eventTypes} />
      {error && !isShown ? <FieldError>{errorMessage(error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={isPending}>
          {webhook ? "Save" : "Add"}
        </Button>
      </DialogFooter>
    </form>
  );
}

function EventTypes({
  value,
  onChange,
  error,
}: {
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
  error: string | undefined;
}) {
  const trpc = useTRPC();
  const known = useQuery({ ...trpc.webhooks.eventTypes.queryOptions(), staleTime: Number.POSITIVE_INFINITY });
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Tell it when</legend>
      {known.isPending ? <Skeleton className="h-40 w-full" /> : null}
      {known.isError ? <FieldError>{errorMessage(known.error)}</FieldError> : null}
      <div className="grid max-h-56 gap-1 overflow-y-auto">
        {known.data?.eventTypes.map(({ name, description }) => (
          <label key={name} className="flex items-start gap-2 rounded-md px-1 py-1 text-sm hover:bg-hover">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-primary"
              checked={value.includes(name)}
              onChange={({ target }) => onChange(target.checked ? [...value, name] : value.filter((each) => each !== name))}
            />
            <span className="min-w-0">
              {description} <code className="font-mono text-muted-foreground text-xs">{name}</code>
            </span>
          </label>
        ))}
      </div>
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}
