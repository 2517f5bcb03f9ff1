import {
  Building2,
  History,
  KeyRound,
  LockKeyhole,
  type LucideIcon,
  Plug,
  ScrollText,
  Settings,
  Users,
  Webhook,
  Workflow,
} from "lucide-react";

export interface NavLink {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Keys that lead there, one after the other. */
  keys?: [string, string];
}

export const MAIN_LINKS: NavLink[] = [
  { href: "/flows", label: "Flows", icon: Workflow, keys: ["G", "F"] },
  { href: "/tools", label: "Tools", icon: Plug, keys: ["G", "T"] },
  { href: "/executions", label: "Executions", icon: History, keys: ["G", "E"] },
  { href: "/credentials", label: "Credentials", icon: LockKeyhole, keys: ["G", "C"] },
];

export const SETTINGS_LINK: NavLink = { href: "/settings", label: "Settings", icon: Settings, keys: ["G", "S"] };

export const SETTINGS_LINKS: NavLink[] = [
  { href: "/settings/general", label: "General", icon: Building2 },
  { href: "/settings/members", label: "Members", icon: Users },
  { href: "/settings/api-keys", label: "API keys", icon: KeyRound },
  { href: "/settings/webhooks", label: "Webhooks", icon: Webhook },
  { href: "/settings/audit", label: "Audit log", icon: ScrollText },
];

/** A flow or an execution fills the page and has plain keys of its own. */
export const isCanvasPage = (pathname: string): boolean => /^\/(flows|executions)\/(?!arrivals(\/|$))[^/]+/.test(pathname);

export const isCurrent = (pathname: string, href: string): boolean => pathname === href || pathname.startsWith(`${href}/`);
