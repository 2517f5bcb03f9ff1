import type { Metadata } from "next";
import { OAuthCallback } from "@/components/credentials/oauth-callback";
import { requireSession } from "@/server/auth/session";

export const metadata: Metadata = { title: "Connecting", referrer: "no-referrer" };

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  await requireSession();
  const given = Object.entries(await searchParams).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return <OAuthCallback answer={Object.fromEntries(given)} />;
}
