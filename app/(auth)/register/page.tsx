import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { AuthCard } from "@/components/auth/auth-card";
import { RegisterForm } from "@/components/auth/register-form";
import { safeReturnPath } from "@/components/auth/return-path";
import { configuredProviders } from "@/server/auth/providers";
import { currentSession } from "@/server/auth/session";

export const metadata: Metadata = { title: "Create an account" };

export default async function RegisterPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { callbackUrl } = await searchParams;
  const returnPath = safeReturnPath(callbackUrl);
  if (await currentSession()) redirect(returnPath);
  return (
    <AuthCard
      title="Create your account"
      subtitle="You get an organization of your own to start in"
      footer={
        <>
          Have an account?{" "}
          <Link
            href={`/sign-in?callbackUrl=${encodeURIComponent(returnPath)}`}
            className="rounded-sm font-medium text-primary-text outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
          >
            Sign in
          </Link>
        </>
      }
    >
      <RegisterForm providers={configuredProviders()} returnPath={returnPath} />
    </AuthCard>
  );
}
