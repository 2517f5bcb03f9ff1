"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MoreHorizontal, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { FieldError } from "@/components/ui/form-field";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { AdminsOnly, Section } from "./section";
import { SettingsList } from "./settings-list";
import { WebhookDeliveries } from "./webhook-deliveries";
import { CreateWebhook, type Webhook, WebhookForm } from "./webhook-form";

/** Addresses that are told what happens. */
export function WebhooksSettings() {
  const isAdmin = useCan("admin");
  return (
    <Section
      title="Webhooks"
      description="Addresses of yours that are told what happens in this organization"
      actions={isAdmin ? <CreateWebhook /> : null}
    >
      {isAdmin ? <WebhookList /> : <AdminsOnly what="Webhooks carry what flows give to the outside." />}
    </Section>
  );
}

function WebhookList() {
  const trpc = useTRPC();
  const list = useQuery(trpc.webhooks.list.queryOptions({}, { select: ({ webhooks }) => webhooks }));
  return (
    <SettingsList
      query={list}
      what="The webhooks"
      empty={
        <EmptyState icon={WebhookIcon} title="No webhooks yet">
          Have Tolstoy call a service of yours when a flow succeeds or fails: each message is signed, tried again when your service is down,
          and listed here with what it answered.
        </EmptyState>
      }
    >
      {(webhook) => <WebhookRow key={webhook.id} webhook={webhook} />}
    </SettingsList>
  );
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<"edit" | "deliveries" | "delete" | null>(null);
  const changed = () => queryClient.invalidateQueries(trpc.webhooks.pathFilter());
  const failed = (error: unknown) => toast.error(errorMessage(error));
  const toggle = useMutation(trpc.webhooks.toggle.mutationOptions({ onSuccess: changed, onError: failed }));
  const test = useMutation(
    trpc.webhooks.test.mutationOptions({
      onSuccess: async ({ delivered, responseStatus, error }) => {
        if (delivered) toast.success(`“${webhook.name}” answered ${responseStatus}`);
        else toast.error(`The test did not get through: ${error}`);
        await changed();
      },
      onError: failed,
    }),
  );
  const remove = useMutation(
    trpc.webhooks.delete.mutationOptions({
      onSuccess: async () => {
        setOpen(null);
        toast.success(`Deleted “${webhook.name}”`);
        await changed();
      },
    }),
  );
  const close = (isOpen: boolean) => {
    if (!isOpen) setOpen(null);
  };
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate">{webhook.name}</span>
          {webhook.hasSecret ? null : <Badge tone="warning">Not signed</Badge>}
        </p>
        <p className="truncate font-mono text-muted-foreground text-xs" title={webhook.url}>
          {webhook.url}
        </p>
        <p className="truncate text-muted-foreground text-xs" title={webhook.eventTypes.join(", ")}>
          {webhook.eventTypes.join(" · ")}
        </p>
      </div>
      <div className="flex items-center gap-3 max-sm:w-full">
        <Button size="sm" aria-label={`Messages to ${webhook.name}`} onClick={() => setOpen("deliveries")}>
          Messages
        </Button>
        <Switch
          checked={webhook.enabled}
          disabled={toggle.isPending}
          aria-label={`${webhook.name} is on`}
          onCheckedChange={() => toggle.mutate({ id: webhook.id })}
        />
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon-sm" aria-label={`More for ${webhook.name}`}>
              <MoreHorizontal aria-hidden="true" />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem disabled={test.isPending} onSelect={() => test.mutate({ id: webhook.id })}>
              Send a test
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => setOpen("edit")}>Edit</DropdownMenuItem>
            <DropdownMenuItem
              onSelect={() => {
                remove.reset();
                setOpen("delete");
              }}
            >
              Delete
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
      <Dialog open={open === "edit"} onOpenChange={close}>
        <DialogContent className="max-w-lg">
          <WebhookForm webhook={webhook} onDone={() => setOpen(null)} />
        </DialogContent>
      </Dialog>
      <Dialog open={open === "deliveries"} onOpenChange={close}>
        <DialogContent className="max-w-2xl">
          <WebhookDeliveries webhook={webhook} />
        </DialogContent>
      </Dialog>
      <ConfirmDialog
        open={open === "delete"}
        onOpenChange={close}
        title={`Delete “${webhook.name}”?`}
        description="Its address is told nothing any more, and the list of its messages goes, too. This cannot be undone."
        confirmLabel="Delete"
        pending={remove.isPending}
        error={remove.isError ? <FieldError>{errorMessage(remove.error)}</FieldError> : null}
        onConfirm={() => remove.mutate({ id: webhook.id })}
      />
    </li>
  );
}
