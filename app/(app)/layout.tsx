import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { SessionProvider } from "@/components/shell/session";
import { readSidebarPreference } from "@/components/shell/sidebar-preference";
import { requireSession } from "@/server/auth/session";

export default async function AppLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const jar = await cookies();
  return (
    <SessionProvider initial={session}>
      <AppShell preference={readSidebarPreference((name) => jar.get(name)?.value)}>{children}</AppShell>
    </SessionProvider>
  );
}
