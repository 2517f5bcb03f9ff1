"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserMinus } from "lucide-react";
import { useState } from "react";
import { InvitationList } from "@/components/invitations/invitation-list";
import { InviteDialog } from "@/components/invitations/invite-dialog";
import { errorMessage } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { Avatar } from "@/components/shell/avatar";
import { type Role, useCan, useSession } from "@/components/shell/session";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/form-field";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";
import { RoleSelect } from "./role-select";
import { roleLabel } from "./roles";
import { Section } from "./section";

const BELOW_OWNER: Role[] = ["admin", "editor", "viewer"];
const ALL: Role[] = ["owner", ...BELOW_OWNER];

interface Member {
  userId: string;
  name: string | null;
  email: string;
  role: Role;
  joinedAt: string;
}

export function MembersSettings() {
  const trpc = useTRPC();
  const mayInvite = useCan("admin");
  const list = useQuery(trpc.members.list.queryOptions());
  return (
    <>
      <Section
        title="Members"
        description="Who works in this organization. A change of role counts from the next click on."
        actions={mayInvite ? <InviteDialog /> : null}
      >
        {list.isPending ? (
          <Card className="divide-y divide-border-subtle" aria-busy="true">
            {[0, 1].map((row) => (
              <div key={row} className="flex h-14 items-center gap-3 px-4">
                <Skeleton className="size-7 rounded-full" />
                <Skeleton className="h-4 w-40" />
              </div>
            ))}
          </Card>
        ) : list.isError ? (
          <LoadError title="The members could not be loaded" query={list} />
        ) : (
          <Card>
            <ul className="divide-y divide-border-subtle">
              {list.data.members.map((member) => (
                <MemberRow key={member.userId} member={member} />
              ))}
            </ul>
          </Card>
        )}
      </Section>
      {mayInvite ? <InvitationList /> : null}
    </>
  );
}

function MemberRow({ member }: { member: Member }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { user, organization } = useSession();
  const isAdmin = useCan("admin");
  const [removing, setRemoving] = useState(false);
  const name = member.name || member.email;
  const isSelf = member.userId === user.id;
  const mayChange = isAdmin && (member.role !== "owner" || organization.role === "owner");
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.members.list.pathFilter()),
      queryClient.invalidateQueries(trpc.session.me.pathFilter()),
    ]);

  const setRole = useMutation(
    trpc.members.setRole.mutationOptions({
      onSuccess: ({ role }) => toast.success(`${name} is now ${roleLabel(role).toLowerCase()}`),
      onError: (error) => toast.error(`The role of ${name} was not changed`, { description: errorMessage(error) }),
      onSettled: refresh,
    }),
  );
  const remove = useMutation(
    trpc.members.remove.mutationOptions({
      onSuccess: async () => {
        if (isSelf) return window.location.assign("/flows");
        setRemoving(false);
        toast.success(`Removed ${name}`);
        await refresh();
      },
    }),
  );

  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <Avatar id={member.userId} name={name} round className="size-7" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate" title={name}>
            {name}
          </span>
          {isSelf ? <Badge>You</Badge> : null}
        </p>
        <p className="flex text-muted-foreground text-xs">
          {member.name ? (
            <span className="truncate" title={member.email}>
              {member.email}
            </span>
          ) : null}
          <span className="shrink-0 whitespace-pre">
            {member.name ? " · " : null}
            joined <RelativeTime at={member.joinedAt} />
          </span>
        </p>
      </div>
      <div className="flex items-center gap-1 max-sm:w-full max-sm:pl-10">
        {mayChange ? (
          <RoleSelect
            value={setRole.isPending ? setRole.variables.role : member.role}
            roles={organization.role === "owner" ? ALL : BELOW_OWNER}
            label={`Role of ${name}`}
            disabled={setRole.isPending}
            onChange={(role) => setRole.mutate({ userId: member.userId, role })}
            className="w-28"
          />
        ) : (
          <span className="text-muted-foreground text-sm">{roleLabel(member.role)}</span>
        )}
        {mayChange || isSelf ? (
          <Tooltip content={isSelf ? "Leave the organization" : "Remove from the organization"}>
            <Button
              variant="ghost"
              size="icon"
              aria-label={isSelf ? "Leave the organization" : `Remove ${name}`}
              onClick={() => setRemoving(true)}
            >
              <UserMinus aria-hidden="true" />
            </Button>
          </Tooltip>
        ) : null}
      </div>
      <ConfirmDialog
        open={removing}
        onOpenChange={(open) => {
          setRemoving(open);
          if (open) remove.reset();
        }}
        title={isSelf ? `Leave ${organization.name}?` : `Remove ${name}?`}
        description={
          isSelf
            ? "You lose access at once. Your flows stay with the organization."
            : `${name} loses access to ${organization.name} at once. Flows that they drew stay.`
        }
        confirmLabel={isSelf ? "Leave" : "Remove"}
        pending={remove.isPending}
        error={remove.isError ? <FieldError>{errorMessage(remove.error)}</FieldError> : null}
        onConfirm={() => remove.mutate({ userId: member.userId })}
      />
    </li>
  );
}
