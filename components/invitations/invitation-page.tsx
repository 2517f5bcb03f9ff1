"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { AuthCard } from "@/components/auth/auth-card";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { AcceptInvitation } from "./accept-invitation";

const ROLES = { viewer: "a viewer", editor: "an editor", admin: "an admin" } as const;

/** What a link invites to, for whoever has it. */
export function InvitationPage({ code, signedInAs }: { code: string; signedInAs: string | null }) {
  const trpc = useTRPC();
  const preview = useQuery(trpc.invitations.preview.queryOptions({ code }, { retry: false }));
  const footer = signedInAs ? `Signed in as ${signedInAs}` : null;
  if (preview.isPending) {
    return (
      <AuthCard title="Invitation" subtitle="Looking it up…" footer={footer}>
        <Skeleton className="h-9" aria-busy="true" />
      </AuthCard>
    );
  }
  if (preview.isError) {
    return (
      <AuthCard title="Invitation" subtitle="It could not be looked up" footer={footer}>
        <LoadError title="The invitation could not be loaded" query={preview} />
      </AuthCard>
    );
  }
  const { invitation } = preview.data;
  if (!invitation) {
    return (
      <AuthCard
        title="This invitation is not valid"
        subtitle="It may have expired, been used already or been taken back. Ask whoever sent it for a new one."
        footer={footer}
      >
        <Button asChild className="w-full">
          <Link href="/flows">{signedInAs ? "Go to your flows" : "Sign in"}</Link>
        </Button>
      </AuthCard>
    );
  }
  const { organizationName, invitedBy, role, email } = invitation;
  return (
    <AuthCard
      title={`Join ${organizationName}`}
      subtitle={`${invitedBy ? `${invitedBy} invites you` : "You are invited"} to work there as ${ROLES[role]}`}
      footer={footer}
    >
      <AcceptInvitation code={code} email={email} signedInAs={signedInAs} />
    </AuthCard>
  );
}
