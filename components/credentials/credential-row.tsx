"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
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
import { ShareDialog } from "./share-dialog";
import { type Credential, TYPE_LABELS } from "./types";
import { UnmaskDialog } from "./unmask-dialog";
import { useConnect } from "./use-connect";

const DIALOGS = { edit: EditDialog, rotate: RotateDialog, share: ShareDialog, unmask: UnmaskDialog, delete: DeleteDialog };
type DialogName = keyof typeof DIALOGS;

export function CredentialRow({ credential }: { credential: Credential }) {
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
          ? toast.success(`“${credential.name}” works`, { description: message })
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
  const [firstMasked] = Object.entries(credential.fields).filter(([, value]) => value.includes("***"));
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2" data-testid="credential">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate" title={credential.name}>
            {credential.name}
          </span>
          <Badge>{TYPE_LABELS[credential.type]}</Badge>
          {credential.status === "reconnect_required" ? <Badge tone="warning">Reconnect</Badge> : null}
          {credential.status === "expired" ? <Badge tone="danger">Expired</Badge> : null}
          {credential.lastTest && !credential.lastTest.ok ? <Badge tone="danger">Test failed</Badge> : null}
        </p>
        <p className="flex flex-wrap gap-x-1.5 text-muted-foreground text-xs">
          {firstMasked && !isOAuth ? <code className="font-mono">{firstMasked[1]}</code> : null}
          <span className="truncate">
            {firstMasked && !isOAuth ? "· " : ""}
            {credential.allowedHosts.length > 0 ? credential.allowedHosts.join(", ") : "no hosts"}
          </span>
          <span>
            ·{" "}
            {credential.lastUsedAt ? (
              <>
                last used <RelativeTime at={credential.lastUsedAt} />
              </>
            ) : (
              "never used"
            )}
          </span>
        </p>
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
