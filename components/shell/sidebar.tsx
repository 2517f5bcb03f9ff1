"use client";
import { PanelLeft, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { Tooltip } from "@/components/ui/tooltip";
import { useModifierKey } from "./modifier-key";
import { isCanvasPage, isCurrent, MAIN_LINKS, type NavLink, SETTINGS_LINK } from "./nav-links";
import { OrganizationSwitcher } from "./organization-switcher";
import { useShell } from "./shell-store";
import { UserMenu } from "./user-menu";

/** Organization, search, places, account: as a column, or as a rail of icons. */
export function Sidebar({ collapsed, onToggle }: { collapsed: boolean; onToggle?: () => void }) {
  return (
    <div className={cn("flex h-full flex-col gap-1 p-2", collapsed && "items-center")}>
      <OrganizationSwitcher collapsed={collapsed} />
      <SearchButton collapsed={collapsed} />
      <nav aria-label="Main" className={cn("mt-2 flex flex-1 flex-col gap-0.5", collapsed && "items-center")}>
        {MAIN_LINKS.map((link) => (
          <SidebarLink key={link.href} link={link} collapsed={collapsed} />
        ))}
        <div className="flex-1" />
        <SidebarLink link={SETTINGS_LINK} collapsed={collapsed} />
      </nav>
      <div className={cn("flex items-center gap-1", collapsed && "flex-col-reverse")}>
        <UserMenu collapsed={collapsed} />
        {onToggle ? (
          <Tooltip side="right" content={collapsed ? "Expand sidebar" : "Collapse sidebar"}>
            <Button
              variant="ghost"
              size="icon"
              aria-label={collapsed ? "Expand sidebar" : "Collapse sidebar"}
              aria-pressed={collapsed}
              onClick={onToggle}
            >
              <PanelLeft aria-hidden="true" />
            </Button>
          </Tooltip>
        ) : null}
      </div>
    </div>
  );
}

function SearchButton({ collapsed }: { collapsed: boolean }) {
  const modifier = useModifierKey();
  const open = useShell((shell) => shell.setPaletteOpen);
  if (collapsed) {
    return (
      <RailTooltip label="Search or jump to" keys={[modifier, "K"]}>
        <Button variant="ghost" size="icon" className="size-9" aria-label="Search or jump to" onClick={() => open(true)}>
          <Search aria-hidden="true" />
        </Button>
      </RailTooltip>
    );
  }
  return (
    <button
      type="button"
      onClick={() => open(true)}
      aria-keyshortcuts="Control+K Meta+K"
      className="mt-1 flex h-8 cursor-pointer items-center gap-2 rounded-md border border-input bg-field px-2 text-muted-foreground text-sm shadow-xs outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring"
    >
      <Search aria-hidden="true" className="size-4" />
      <span className="flex-1 text-left">Search</span>
      <span aria-hidden="true" className="flex gap-0.5">
        <Kbd className="h-4.5 min-w-4.5">{modifier}</Kbd>
        <Kbd className="h-4.5 min-w-4.5">K</Kbd>
      </span>
    </button>
  );
}

function SidebarLink({ link, collapsed }: { link: NavLink; collapsed: boolean }) {
  const pathname = usePathname();
  const current = isCurrent(pathname, link.href);
  const close = useShell((shell) => shell.setDrawerOpen);
  const Icon = link.icon;
  const anchor = (
    <Link
      href={link.href}
      aria-current={current ? "page" : undefined}
      aria-label={collapsed ? link.label : undefined}
      onClick={() => close(false)}
      className={cn(
        "flex h-8 items-center gap-2.5 rounded-md font-medium text-muted-foreground text-sm outline-none transition-colors duration-100 hover:bg-hover hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
        current && "bg-hover text-foreground",
        collapsed ? "size-9 justify-center" : "px-2",
      )}
    >
      <Icon aria-hidden="true" className={cn("size-4 shrink-0", current && "text-primary-text")} />
      {collapsed ? null : link.label}
    </Link>
  );
  return collapsed ? (
    <RailTooltip label={link.label} keys={isCanvasPage(pathname) ? undefined : link.keys}>
      {anchor}
    </RailTooltip>
  ) : (
    anchor
  );
}

function RailTooltip({ label, keys, children }: { label: string; keys?: string[]; children: React.ReactNode }) {
  return (
    <Tooltip
      side="right"
      content={
        <>
          {label}
          {keys ? (
            <span className="flex gap-0.5">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          ) : null}
        </>
      }
    >
      {children}
    </Tooltip>
  );
}
