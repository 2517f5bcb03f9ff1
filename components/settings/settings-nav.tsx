"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isCurrent, SETTINGS_LINKS } from "@/components/shell/nav-links";
import { cn } from "@/components/ui/cn";

export function SettingsNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="-mx-4 flex gap-1 overflow-x-auto px-4 py-1 md:mx-0 md:flex-col md:px-0 md:py-0">
      {SETTINGS_LINKS.map(({ href, label, icon: Icon }) => {
        const current = isCurrent(pathname, href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={cn(
              "flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 font-medium text-muted-foreground text-sm outline-none hover:bg-hover hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
              current && "bg-hover text-foreground",
            )}
          >
            <Icon aria-hidden="true" className={cn("size-4 max-md:hidden", current && "text-primary-text")} />
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
