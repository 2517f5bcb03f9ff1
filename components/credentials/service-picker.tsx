"use client";
import { useState } from "react";
import { NodeIcon } from "@/components/editor/node-icon";
import { errorMessage } from "@/components/providers/error-message";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import type { CredentialType } from "@/flow/credentials/types";
import { matches, type Service, useServices } from "./services";

/** Asks what a new credential is for, by typing. */
export function ServicePicker({
  types,
  servers,
  onPick,
}: {
  types: readonly CredentialType[];
  /** Whether databases and other servers are among the choices. */
  servers: boolean;
  onPick: (service: Service) => void;
}) {
  const [query, setQuery] = useState("");
  const { groups, isPending, error } = useServices(types, { servers });
  const found = groups
    .map(({ title, services }) => ({ title, services: services.filter((service) => matches(service, query)) }))
    .filter(({ services }) => services.length > 0);
  return (
    <Command shouldFilter={false} label="Services">
      <CommandInput placeholder="What is it for?" value={query} onValueChange={setQuery} autoFocus />
      {/* As high with few matches as with all: nothing jumps while somebody types. */}
      <CommandList className="h-[min(26rem,60vh)] max-h-none">
        <CommandEmpty>No service is called that. An API key fits most of them.</CommandEmpty>
        {error ? (
          <div className="p-2">
            <FieldError>{errorMessage(error)}</FieldError>
          </div>
        ) : null}
        {isPending && query === "" ? (
          <div className="grid gap-2 p-2" aria-busy="true">
            {[40, 55, 35, 50].map((width) => (
              <Skeleton key={width} className="h-8" style={{ width: `${width}%` }} />
            ))}
          </div>
        ) : null}
        {found.map(({ title, services }) => (
          <CommandGroup key={title} heading={title}>
            {services.map((service) => (
              <CommandItem key={service.id} value={service.id} onSelect={() => onPick(service)}>
                <NodeIcon definition={service.icon} className="size-8 rounded-md" />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{service.name}</span>
                  <span className="block truncate text-muted-foreground text-xs">{service.description}</span>
                </span>
              </CommandItem>
            ))}
          </CommandGroup>
        ))}
      </CommandList>
    </Command>
  );
}
