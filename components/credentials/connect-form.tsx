"use client";
import { useQuery } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { Credential } from "./types";
import { useConnect } from "./use-connect";

/** Connects an account at a provider that the organization has a client at. */
export function ConnectForm({
  toolKey,
  name: suggested,
  onConnected,
  onCancel,
}: {
  toolKey: string | undefined;
  name: string | undefined;
  onConnected: (credential: Pick<Credential, "id" | "name">) => void;
  onCancel: () => void;
}) {
  const trpc = useTRPC();
  const list = useQuery(trpc.oauth.providers.queryOptions());
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState(suggested ?? "");
  const providers = list.data?.providers.filter(({ configured }) => configured) ?? [];
  const provider = toolKey ?? chosen ?? providers[0]?.key;
  const provided = providers.find(({ key }) => key === provider);
  const { connect, connecting } = useConnect((id) => onConnected({ id, name: name.trim() || `${provided?.name ?? "OAuth"} account` }));
  if (list.isPending) return <Skeleton className="h-24 rounded-lg" />;
  if (list.isError) return <FieldError>{errorMessage(list.error)}</FieldError>;
  if (providers.length === 0 && !toolKey) {
    return (
      <div className="grid gap-3 rounded-lg border border-border bg-subtle p-4 text-sm">
        <p>
          The organization has no OAuth client yet. An admin registers Tolstoy at the provider and enters the client id and secret under{" "}
          <Link href="/credentials?tab=clients" className="text-primary-text underline-offset-4 hover:underline">
            OAuth clients
          </Link>
          .
        </p>
      </div>
    );
  }
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (provider) connect({ provider, ...(name.trim() && { name: name.trim() }) });
      }}
    >
      {toolKey ? null : (
        <FormField label="Provider">
          {({ id }) => (
            <Select value={provider ?? ""} onValueChange={setChosen}>
              <SelectTrigger id={id}>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {providers.map((each) => (
                  <SelectItem key={each.key} value={each.key}>
                    {each.name}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          )}
        </FormField>
      )}
      <FormField label="Name" hint="What people choose it by.">
        {(control) => (
          <Input
            {...control}
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder={`${provided?.name ?? "My"} account`}
            maxLength={200}
            autoComplete="off"
          />
        )}
      </FormField>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={connecting}>
          <Plug aria-hidden="true" />
          Connect
        </Button>
      </DialogFooter>
    </form>
  );
}
