"use client";
import { Menu } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { Dialog as DialogPrimitive } from "radix-ui";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { overlayClasses } from "@/components/ui/dialog";
import { CommandPalette } from "./command-palette";
import { Logo } from "./logo";
import { isCanvasPage } from "./nav-links";
import { useShell } from "./shell-store";
import { useShortcuts } from "./shortcuts";
import { ShortcutsDialog } from "./shortcuts-dialog";
import { Sidebar } from "./sidebar";
import { SIDEBAR_COOKIES, type SidebarPreference } from "./sidebar-preference";

const YEAR = 60 * 60 * 24 * 365;

export function AppShell({ preference, children }: { preference: SidebarPreference; children: ReactNode }) {
  const router = useRouter();
  const place = isCanvasPage(usePathname()) ? "editor" : "pages";
  const [widths, setWidths] = useState(preference);
  const collapsed = widths[place] === "collapsed";
  const toggle = () => {
    const next = collapsed ? "expanded" : "collapsed";
    setWidths({ ...widths, [place]: next });
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${SIDEBAR_COOKIES[place]}=${next}; path=/; max-age=${YEAR}; samesite=lax`;
  };

  const shortcuts = useMemo(
    () => ({
      "g f": () => router.push("/flows"),
      "g e": () => router.push("/executions"),
      "g s": () => router.push("/settings"),
      "?": () => useShell.getState().setShortcutsOpen(true),
    }),
    [router],
  );
  useShortcuts(shortcuts, place === "pages");

  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-primary px-3 py-1.5 text-primary-foreground text-sm focus:translate-y-0"
      >
        Skip to content
      </a>
      <aside className={cn("hidden shrink-0 border-border border-r bg-sidebar md:block", collapsed ? "w-13" : "w-56")}>
        <Sidebar collapsed={collapsed} onToggle={toggle} />
      </aside>
      <TopBar />
      <main id="content" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        {children}
      </main>
      <CommandPalette />
      <ShortcutsDialog />
    </div>
  );
}

/** Narrow screens: the sidebar waits behind a button. */
function TopBar() {
  const { drawerOpen, setDrawerOpen } = useShell();
  return (
    <div className="flex h-12 shrink-0 items-center gap-2 border-border border-b bg-sidebar px-2 md:hidden">
      <DialogPrimitive.Root open={drawerOpen} onOpenChange={setDrawerOpen}>
        <DialogPrimitive.Trigger asChild>
          <Button variant="ghost" size="icon" className="size-9" aria-label="Open navigation">
            <Menu aria-hidden="true" />
          </Button>
        </DialogPrimitive.Trigger>
        <DialogPrimitive.Portal>
          <DialogPrimitive.Overlay className={overlayClasses} />
          <DialogPrimitive.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-64 border-border border-r bg-sidebar shadow-pop outline-none data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:slide-out-to-left data-[state=open]:slide-in-from-left duration-150"
          >
            <DialogPrimitive.Title className="sr-only">Navigation</DialogPrimitive.Title>
            <Sidebar collapsed={false} />
          </DialogPrimitive.Content>
        </DialogPrimitive.Portal>
      </DialogPrimitive.Root>
      <Link
        href="/flows"
        className="flex items-center gap-2 rounded-md font-semibold text-base outline-none focus-visible:ring-2 focus-visible:ring-ring"
      >
        <Logo />
        Tolstoy
      </Link>
    </div>
  );
}
