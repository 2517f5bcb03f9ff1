"use client";
import { useQuery } from "@tanstack/react-query";
import { Building2, Keyboard, LogOut, Plus, Workflow } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as DialogPrimitive } from "radix-ui";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { useCreateFlow } from "@/components/flows/use-create-flow";
import { useTheme } from "@/components/providers/theme";
import { useTRPC } from "@/components/providers/trpc";
import { cn } from "@/components/ui/cn";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { dialogClasses, overlayClasses } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { MAIN_LINKS, SETTINGS_LINKS } from "./nav-links";
import { useCan, useSession } from "./session";
import { useShell } from "./shell-store";
import { THEMES } from "./theme-menu";
import { useSignOut } from "./use-sign-out";
import { useSwitchOrganization } from "./use-switch-organization";

const FLOWS_SHOWN = 8;

/** Every word must be there; a name that begins with what was typed comes first. */
function matches(value: string, search: string): number {
  const text = value.toLowerCase();
  const typed = search.trim().toLowerCase();
  if (!typed.split(/\s+/).every((word) => text.includes(word))) return 0;
  return text.startsWith(typed) ? 1 : 0.5;
}

/** Ctrl-K or Cmd-K anywhere: find a flow, go somewhere, do something. */
export function CommandPalette() {
  const { paletteOpen, setPaletteOpen } = useShell();
  // Loaded before it is asked for: the palette opens with the flows in it, the first one chosen.
  useFlows("");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setPaletteOpen(!useShell.getState().paletteOpen);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [setPaletteOpen]);

  return (
    <DialogPrimitive.Root open={paletteOpen} onOpenChange={setPaletteOpen}>
      <DialogPrimitive.Portal>
        <DialogPrimitive.Overlay className={overlayClasses} />
        <DialogPrimitive.Content aria-describedby={undefined} className={cn(dialogClasses, "block max-w-xl overflow-hidden p-0")}>
          <DialogPrimitive.Title className="sr-only">Search and commands</DialogPrimitive.Title>
          <PaletteContent onDone={() => setPaletteOpen(false)} />
        </DialogPrimitive.Content>
      </DialogPrimitive.Portal>
    </DialogPrimitive.Root>
  );
}

function PaletteContent({ onDone }: { onDone: () => void }) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const signOut = useSignOut();
  const createFlow = useCreateFlow();
  const canEdit = useCan("editor");
  const [search, setSearch] = useState("");
  const go = (href: string) => {
    onDone();
    router.push(href);
  };
  const run = (action: () => void) => {
    onDone();
    action();
  };
  return (
    <Command loop label="Search and commands" filter={matches}>
      <CommandInput value={search} onValueChange={setSearch} placeholder="Find a flow, a page or a command…" />
      <CommandList>
        <CommandEmpty>Nothing here is called “{search}”.</CommandEmpty>
        <FlowItems search={search} onSelect={(id) => go(`/flows/${id}`)} />
        <CommandGroup heading="Actions">
          {canEdit ? (
            <Item value="Create flow new" icon={<Plus aria-hidden="true" />} onSelect={() => run(() => createFlow.mutate({}))} keys={["C"]}>
              Create flow
            </Item>
          ) : null}
          <OrganizationItems />
        </CommandGroup>
        <CommandGroup heading="Go to">
          {[...MAIN_LINKS, ...SETTINGS_LINKS].map(({ href, label, icon: Icon, keys }) => (
            <Item key={href} value={`go to ${label} ${href}`} icon={<Icon aria-hidden="true" />} onSelect={() => go(href)} keys={keys}>
              {label}
            </Item>
          ))}
        </CommandGroup>
        <CommandGroup heading="Preferences">
          {THEMES.map(({ value, label, icon: Icon }) => (
            <Item key={value} value={`theme ${label}`} icon={<Icon aria-hidden="true" />} onSelect={() => run(() => setTheme(value))}>
              Theme: {label}
            </Item>
          ))}
          <Item
            value="keyboard shortcuts"
            icon={<Keyboard aria-hidden="true" />}
            onSelect={() => run(() => useShell.getState().setShortcutsOpen(true))}
            keys={["?"]}
          >
            Keyboard shortcuts
          </Item>
          <Item value="sign out log out" icon={<LogOut aria-hidden="true" />} onSelect={() => run(signOut)}>
            Sign out
          </Item>
        </CommandGroup>
      </CommandList>
    </Command>
  );
}

function useFlows(term: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.flows.list.queryOptions(
      { search: term || undefined, limit: FLOWS_SHOWN },
      { placeholderData: (previous) => previous, staleTime: 30_000, refetchOnWindowFocus: false },
    ),
  );
}

function FlowItems({ search, onSelect }: { search: string; onSelect: (id: string) => void }) {
  const term = useDeferredValue(search.trim()).slice(0, 200);
  const { data } = useFlows(term);
  if (!data || data.flows.length === 0) return null;
  return (
    <CommandGroup heading={term ? "Flows" : "Recent flows"}>
      {data.flows.map((flow) => (
        <Item
          key={flow.id}
          value={`${flow.name} ${flow.description ?? ""} ${flow.id}`}
          icon={<Workflow aria-hidden="true" />}
          onSelect={() => onSelect(flow.id)}
        >
          {flow.name}
        </Item>
      ))}
    </CommandGroup>
  );
}

function OrganizationItems() {
  const { organization, organizations } = useSession();
  const change = useSwitchOrganization();
  return organizations
    .filter(({ id }) => id !== organization.id)
    .map(({ id, name }) => (
      <Item
        key={id}
        value={`switch organization ${name} ${id}`}
        icon={<Building2 aria-hidden="true" />}
        onSelect={() => change.mutate({ id })}
      >
        Switch to {name}
      </Item>
    ));
}

function Item({
  value,
  icon,
  onSelect,
  keys,
  children,
}: {
  value: string;
  icon: ReactNode;
  onSelect: () => void;
  keys?: string[];
  children: ReactNode;
}) {
  return (
    <CommandItem value={value} onSelect={onSelect}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys ? (
        <span className="flex gap-0.5">
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      ) : null}
    </CommandItem>
  );
}
