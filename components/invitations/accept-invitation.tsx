"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useSignOut } from "@/components/shell/use-sign-out";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/form-field";

/** Joins with one click; whoever has no account yet, or is signed in with another, is led there and back. */
export function AcceptInvitation({ code, email, signedInAs }: { code: string; email: string | null; signedInAs: string | null }) {
  const trpc = useTRPC();
  const signOut = useSignOut();
  const accept = useMutation(
    trpc.invitations.accept.mutationOptions({
      // A full load: nothing of the organization that one was in may stay in memory.
      onSuccess: () => window.location.assign("/flows"),
    }),
  );
  const back = encodeURIComponent(`/invite/${code}`);
  if (signedInAs === null) {
    return (
      <div className="grid gap-2">
        {email ? <p className="mb-2 text-center text-muted-foreground text-sm">{`Use the account of ${email}, or create it.`}</p> : null}
        <Button asChild variant="primary">
          <Link href={`/register?callbackUrl=${back}`}>Create an account</Link>
        </Button>
        <Button asChild>
          <Link href={`/sign-in?callbackUrl=${back}`}>Sign in</Link>
        </Button>
      </div>
    );
  }
  if (email !== null && email !== signedInAs) {
    return (
      <div className="grid gap-4">
        <p className="text-center text-sm">{`The invitation is for ${email}. Sign in with that account to accept it.`}</p>
        <Button onClick={() => signOut()}>Sign out</Button>
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      <Button variant="primary" pending={accept.isPending || accept.isSuccess} onClick={() => accept.mutate({ code })}>
        Join
      </Button>
      <Button asChild variant="ghost">
        <Link href="/flows">Not now</Link>
      </Button>
      {accept.isError ? <FieldError>{errorMessage(accept.error)}</FieldError> : null}
    </div>
  );
}
