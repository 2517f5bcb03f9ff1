"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { RoleSelect } from "@/components/settings/role-select";
import { useSession } from "@/components/shell/session";
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

const INVITED_ROLES = ["viewer", "editor", "admin"] as const;
type InvitedRole = (typeof INVITED_ROLES)[number];

interface Invitation {
  url: string;
  email: string | null;
}

/** Makes a link that lets one person join. */
export function InviteDialog() {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<Invitation | null>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setMade(null);
      }}
    >
      <DialogTrigger asChild>
        <Button variant="primary">
          <UserPlus aria-hidden="true" />
          Invite
        </Button>
      </DialogTrigger>
      {/* The link is shown once: a slip of the mouse must not take it away. */}
      <DialogContent hideClose={made !== null} onInteractOutside={(event) => made !== null && event.preventDefault()}>
        {made ? <Link invitation={made} /> : <InviteForm onMade={setMade} />}
      </DialogContent>
    </Dialog>
  );
}

function InviteForm({ onMade }: { onMade: (invitation: Invitation) => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { organization } = useSession();
  const [role, setRole] = useState<InvitedRole>("editor");
  const create = useMutation(
    trpc.invitations.create.mutationOptions({
      onSuccess: (invitation) => {
        onMade(invitation);
        void queryClient.invalidateQueries(trpc.invitations.list.pathFilter());
      },
    }),
  );
  const emailProblem = fieldErrors(create.error).email;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email") ?? "").trim();
    create.mutate({ role, ...(email && { email }) });
  };
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 gap-4">
      <DialogHeader>
        <DialogTitle className="truncate">{`Invite to ${organization.name}`}</DialogTitle>
        <DialogDescription>You get a link to send. It works once, within a week.</DialogDescription>
      </DialogHeader>
      <FormField label="Role" hint="What they may do. You can change it later.">
        {({ id }) => <RoleSelect id={id} value={role} onChange={setRole} roles={INVITED_ROLES} />}
      </FormField>
      <TextField
        label="E-mail address"
        hint="Optional. With one, only the account with this address can accept."
        error={emailProblem ?? null}
        name="email"
        type="email"
        placeholder="ada@example.com"
        maxLength={254}
        autoFocus
      />
      {create.isError && !emailProblem ? <FieldError>{errorMessage(create.error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={create.isPending}>
          Create link
        </Button>
      </DialogFooter>
    </form>
  );
}

function Link({ invitation: { url, email } }: { invitation: Invitation }) {
  return (
    <div className="grid grid-cols-1 gap-4">
      <DialogHeader>
        <DialogTitle>Send this link</DialogTitle>
        <DialogDescription>
          {email ? `Only ${email} can use it, once, within a week.` : "Whoever has it can join, once, within a week."} It is shown only now.
        </DialogDescription>
      </DialogHeader>
      <div className="flex items-center gap-1.5">
        <Input
          aria-label="Invitation link"
          value={url}
          readOnly
          autoFocus
          onFocus={(event) => event.target.select()}
          className="font-mono text-xs"
        />
        <CopyButton value={url} label="Copy the link" variant="secondary" size="icon" />
      </div>
      <DialogFooter>
        {email ? (
          <Button asChild>
            <a href={`mailto:${encodeURIComponent(email)}?subject=${encodeURIComponent("Invitation")}&body=${encodeURIComponent(url)}`}>
              Write an e-mail
            </a>
          </Button>
        ) : null}
        <DialogClose asChild>
          <Button variant="primary">Done</Button>
        </DialogClose>
      </DialogFooter>
    </div>
  );
}
