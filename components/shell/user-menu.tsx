"use client";
import { LogOut } from "lucide-react";
import { cn } from "@/components/ui/cn";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Avatar } from "./avatar";
import { useSession } from "./session";
import { ThemeMenuItems } from "./theme-menu";
import { useSignOut } from "./use-sign-out";

export function UserMenu({ collapsed }: { collapsed: boolean }) {
  const { user } = useSession();
  const signOut = useSignOut();
  const name = user.name || user.email;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Account: ${name}`}
        className={cn(
          "flex h-9 min-w-0 cursor-pointer items-center gap-2 rounded-md outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring aria-expanded:bg-hover",
          collapsed ? "w-9 justify-center" : "flex-1 px-1.5",
        )}
      >
        <Avatar id={user.id} name={name} round />
        {collapsed ? null : <span className="min-w-0 flex-1 truncate text-left text-sm">{name}</span>}
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" side="top" className="w-60">
        <div className="px-2 py-1.5">
          <p className="truncate font-medium text-sm">{user.name || "Signed in"}</p>
          <p className="truncate text-muted-foreground text-xs">{user.email}</p>
        </div>
        <DropdownMenuSeparator />
        <ThemeMenuItems />
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={signOut}>
          <LogOut aria-hidden="true" />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
