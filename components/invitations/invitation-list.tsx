"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link2, X } from "lucide-react";
import { errorMessage } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { roleLabel } from "@/components/settings/roles";
import { Section } from "@/components/settings/section";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";

/** Who was invited and has not come yet; nothing where nobody is. */
export function InvitationList() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = useQuery(trpc.invitations.list.queryOptions());
  const revoke = useMutation(
    trpc.invitations.revoke.mutationOptions({
      onSuccess: () => toast.success("The invitation is taken back", { description: "Its link does not work any more." }),
      onError: (error) => toast.error("The invitation was not taken back", { description: errorMessage(error) }),
      onSettled: () => queryClient.invalidateQueries(trpc.invitations.list.pathFilter()),
    }),
  );
  if (list.isError) {
    return <LoadError title="The invitations could not be loaded" query={list} />;
  }
  const invitations = list.data?.invitations ?? [];
  if (invitations.length === 0) return null;
  return (
    <Section title="Invitations" description="Sent, and not accepted yet.">
      <Card>
        <ul aria-label="Invitations" className="divide-y divide-border-subtle">
          {invitations.map(({ id, role, email, invitedAt, expiresAt }) => {
            const who = email ?? "whoever has the link";
            return (
              <li key={id} className="flex min-h-14 items-center gap-3 px-4 py-2">
                <span aria-hidden="true" className="grid size-7 shrink-0 place-items-center rounded-full bg-subtle text-muted-foreground">
                  <Link2 className="size-4" />
                </span>
                <div className="min-w-0 flex-1">
                  <p className="truncate font-medium">{email ?? "Anyone with the link"}</p>
                  <p className="truncate text-muted-foreground text-xs">
                    invited <RelativeTime at={invitedAt} /> · expires <RelativeTime at={expiresAt} />
                  </p>
                </div>
                <span className="text-muted-foreground text-sm">{roleLabel(role)}</span>
                <Tooltip content="Take back">
                  <Button
                    variant="ghost"
                    size="icon"
                    aria-label={`Take back the invitation for ${who}`}
                    pending={revoke.isPending && revoke.variables.id === id}
                    onClick={() => revoke.mutate({ id })}
                  >
                    <X aria-hidden="true" />
                  </Button>
                </Tooltip>
              </li>
            );
          })}
        </ul>
      </Card>
    </Section>
  );
}
