import type { Metadata } from "next";
import { InvitationPage } from "@/components/invitations/invitation-page";
import { currentSession } from "@/server/auth/session";

// The code must not travel on to other sites.
export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer", robots: { index: false } };

export default async function InvitePage({ params }: { params: Promise<{ code: string }> }) {
  const [{ code }, session] = await Promise.all([params, currentSession()]);
  return <InvitationPage code={code} signedInAs={session?.user.email ?? null} />;
}
