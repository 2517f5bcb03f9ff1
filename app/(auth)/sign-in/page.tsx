import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { AuthCard } from "@/components/auth/auth-card";
import { safeReturnPath } from "@/components/auth/return-path";
import { SignInForm } from "@/components/auth/sign-in-form";
import { configuredProviders } from "@/server/auth/providers";
import { currentSession } from "@/server/auth/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { callbackUrl, error } = await searchParams;
  const returnPath = safeReturnPath(callbackUrl);
  if (await currentSession()) redirect(returnPath);
  return (
    <AuthCard
      title="Sign in to Tolstoy"
      subtitle="Flows that run by themselves, and show what they did"
      footer={
        <>
          New here?{" "}
          <Link
            href={`/register?callbackUrl=${encodeURIComponent(returnPath)}`}
            className="rounded-sm font-medium text-primary-text outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
          >
            Create an account
          </Link>
        </>
      }
    >
      <SignInForm providers={configuredProviders()} returnPath={returnPath} errorCode={typeof error === "string" ? error : null} />
    </AuthCard>
  );
}
