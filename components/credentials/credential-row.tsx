"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MoreHorizontal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { NodeIcon } from "@/components/editor/node-icon";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import { DeleteDialog } from "./delete-dialog";
import { EditDialog } from "./edit-dialog";
import { RotateDialog } from "./rotate-dialog";
import type { useCredentialService } from "./services";
import { ShareDialog } from "./share-dialog";
import { type Credential, isTriable, TYPE_LABELS } from "./types";
import { UnmaskDialog } from "./unmask-dialog";
import { useConnect } from "./use-connect";

const DIALOGS = { edit: EditDialog, rotate: RotateDialog, share: ShareDialog, unmask: UnmaskDialog, delete: DeleteDialog };
type DialogName = keyof typeof DIALOGS;

export function CredentialRow({ credential, serviceOf }: { credential: Credential; serviceOf: ReturnType<typeof useCredentialService> }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayUse = useCan("editor");
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const { connect, connecting } = useConnect(() => {});
  const refresh = () => queryClient.invalidateQueries(trpc.credentials.pathFilter());
  const test = useMutation(
    trpc.credentials.test.mutationOptions({
      onSuccess: ({ ok, message }) =>
        ok
          ? isTriable(credential)
            ? toast.success(`“${credential.name}” works`, { description: message })
            : toast.message(`“${credential.name}” has no test`, {
                description: "Its values can be read. Edit it to name a request that tries them at the service.",
              })
          : toast.error(`“${credential.name}” does not work`, { description: message }),
      onError: (error) => toast.error("It could not be tried", { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  const disconnect = useMutation(
    trpc.oauth.disconnect.mutationOptions({
      onSuccess: ({ revoked }) =>
        toast.success(`Disconnected “${credential.name}”`, { description: revoked ? "The provider took its access back." : undefined }),
      onError: (error) => toast.error("It could not be disconnected", { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  const Shown = dialog && DIALOGS[dialog];
  const isOAuth = credential.type === "oauth2";
  const service = serviceOf(credential);
  const failure = credential.lastTest && !credential.lastTest.ok ? credential.lastTest : null;
  const firstMasked = isOAuth ? undefined : Object.values(credential.fields).find((value) => value.includes("***"));
  const host = credential.settings.kind ? credential.fields.host : undefined;
  const type = service.name === TYPE_LABELS[credential.type] || credential.settings.kind ? null : TYPE_LABELS[credential.type];
  const parts: { key: string; text: ReactNode }[] = [
    { key: "service", text: service.name },
    ...(type ? [{ key: "type", text: type }] : []),
    ...(firstMasked ? [{ key: "masked", text: <code className="font-mono">{firstMasked}</code> }] : []),
    { key: "hosts", text: host ?? (credential.allowedHosts.length > 0 ? credential.allowedHosts.join(", ") : "no hosts") },
    {
      key: "used",
      text: credential.lastUsedAt ? (
        <>
          last used <RelativeTime at={credential.lastUsedAt} />
        </>
      ) : (
        "never used"
      ),
    },
  ];
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5" data-testid="credential">
      <NodeIcon definition={service.icon} className="size-8 rounded-md" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate" title={credential.name}>
            {credential.name}
          </span>
          {credential.status === "reconnect_required" ? <Badge tone="warning">Reconnect</Badge> : null}
          {credential.status === "expired" ? <Badge tone="danger">Expired</Badge> : null}
          {failure ? <Badge tone="danger">Test failed</Badge> : null}
        </p>
        <p className="flex flex-wrap gap-x-1.5 text-muted-foreground text-xs">
          {parts.map((part, index) => (
            <span key={part.key} className="flex min-w-0 max-w-full gap-x-1.5">
              <span className="truncate">{part.text}</span>
              {index < parts.length - 1 ? <span aria-hidden="true">·</span> : null}
            </span>
          ))}
        </p>
        {failure ? (
          <p className="mt-0.5 line-clamp-2 break-words text-destructive-text text-xs" title={failure.message}>
            {failure.message}
          </p>
        ) : null}
      </div>
      <div className="flex items-center gap-2 max-sm:w-full">
        {mayUse ? (
          <Button
            size="sm"
            pending={test.isPending}
            aria-label={`Test ${credential.name}`}
            onClick={() => test.mutate({ id: credential.id })}
          >
            Test
          </Button>
        ) : null}
        {credential.manageable ? (
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="ghost" size="icon-sm" aria-label={`Actions of ${credential.name}`}>
                <MoreHorizontal aria-hidden="true" />
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end">
              <DropdownMenuItem onSelect={() => setDialog("edit")}>Edit</DropdownMenuItem>
              {isOAuth ? (
                <>
                  <DropdownMenuItem
                    disabled={connecting || !credential.provider}
                    onSelect={() => connect({ provider: credential.provider ?? "", credentialId: credential.id })}
                  >
                    Reconnect
                  </DropdownMenuItem>
                  <DropdownMenuItem disabled={disconnect.isPending} onSelect={() => disconnect.mutate({ id: credential.id })}>
                    Disconnect
                  </DropdownMenuItem>
                </>
              ) : (
                <DropdownMenuItem onSelect={() => setDialog("rotate")}>Replace values</DropdownMenuItem>
              )}
              <DropdownMenuItem onSelect={() => setDialog("share")}>Share</DropdownMenuItem>
              <DropdownMenuItem onSelect={() => setDialog("unmask")}>Show secrets</DropdownMenuItem>
              <DropdownMenuSeparator />
              <DropdownMenuItem destructive onSelect={() => setDialog("delete")}>
                Delete
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        ) : null}
      </div>
      {Shown ? <Shown credential={credential} onClose={() => setDialog(null)} /> : null}
    </li>
  );
}
