"use client";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Avatar } from "./avatar";
import { CreateOrganizationDialog } from "./create-organization-dialog";
import { useSession } from "./session";
import { useSwitchOrganization } from "./use-switch-organization";

export function OrganizationSwitcher({ collapsed }: { collapsed: boolean }) {
  const { organization } = useSession();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger
          aria-label={`Organization: ${organization.name}. Switch organization`}
          className={cn(
            "flex h-9 min-w-0 cursor-pointer items-center gap-2 rounded-md outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring aria-expanded:bg-hover",
            collapsed ? "w-9 justify-center" : "w-full px-1.5",
          )}
        >
          <Avatar id={organization.id} name={organization.name} />
          {collapsed ? null : (
            <>
              <span className="min-w-0 flex-1 truncate text-left font-semibold text-sm">{organization.name}</span>
              <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-muted-foreground" />
            </>
          )}
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" className="w-64">
          <DropdownMenuLabel>Organizations</DropdownMenuLabel>
          <OrganizationItems />
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => setCreating(true)}>
            <Plus aria-hidden="true" />
            Create an organization
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <CreateOrganizationDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function OrganizationItems() {
  const { organization, organizations } = useSession();
  const change = useSwitchOrganization();
  return organizations.map(({ id, name, role }) => (
    <DropdownMenuItem
      key={id}
      disabled={change.isPending}
      onSelect={(event) => {
        if (id === organization.id) return;
        event.preventDefault();
        change.mutate({ id });
      }}
    >
      <Avatar id={id} name={name} className="size-5 text-[10px]" />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {id === organization.id ? (
        <Check aria-label="current" className="size-3.5" />
      ) : (
        <span className="text-muted-foreground text-xs">{role}</span>
      )}
    </DropdownMenuItem>
  ));
}
