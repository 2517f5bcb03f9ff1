import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { AuthCard } from "@/components/auth/auth-card";
import { AcceptInvitation } from "@/components/invitations/accept-invitation";
import { Button } from "@/components/ui/button";
import { clientAddress } from "@/server/auth/client-address";
import { currentSession } from "@/server/auth/session";
import { previewInvitation } from "@/server/services/invitations/preview";

// The code must not travel on to other sites.
export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer", robots: { index: false } };

export default async function InvitePage({ params }: { params: Promise<{ code: string }> }) {
  const { code } = await params;
  const [session, invitation] = await Promise.all([currentSession(), previewInvitation({ address: clientAddress(await headers()), code })]);
  if (!invitation) {
    return (
      <AuthCard
        title="This invitation is not valid"
        subtitle="It may have expired, been used already or been taken back. Ask whoever sent it for a new one."
        footer={null}
      >
        <Button asChild className="w-full">
          <Link href="/flows">{session ? "Go to your flows" : "Sign in"}</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={`Join ${invitation.organizationName}`}
      subtitle={`${invitation.invitedBy ? `${invitation.invitedBy} invites you` : "You are invited"} to work there as ${invitation.role === "viewer" ? "a" : "an"} ${invitation.role}`}
      footer={session ? `Signed in as ${session.user.email}` : null}
    >
      <AcceptInvitation code={code} email={invitation.email} signedInAs={session?.user.email ?? null} />
    </AuthCard>
  );
}
