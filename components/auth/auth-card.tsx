import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";

export function AuthCard({
  title,
  subtitle,
  children,
  footer,
}: {
  title: string;
  subtitle: string;
  children: ReactNode;
  footer: ReactNode;
}) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-4 py-10">
      <div className="mb-7 grid justify-items-center gap-3 text-center">
        <Logo className="size-10" />
        <div>
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          <p className="mt-1 text-muted-foreground text-sm">{subtitle}</p>
        </div>
      </div>
      {children}
      <p className="mt-6 text-center text-muted-foreground text-sm">{footer}</p>
    </main>
  );
}
