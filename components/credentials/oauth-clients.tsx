"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { AdminsOnly } from "@/components/settings/section";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CredentialsLoading } from "./credentials-loading";
import { OAuthClientDialog } from "./oauth-client-dialog";
import { useConnect } from "./use-connect";

/** By which clients the organization asks providers for access. */
export function OAuthClients() {
  const trpc = useTRPC();
  const isAdmin = useCan("admin");
  const list = useQuery(trpc.oauth.providers.queryOptions());
  const [editing, setEditing] = useState<{ key: string; name: string } | "other" | null>(null);
  const { connect, connecting } = useConnect(() => {});
  if (!isAdmin) return <AdminsOnly what="OAuth clients act for the whole organization." />;
  if (list.isPending) return <CredentialsLoading />;
  if (list.isError) {
    return <LoadError title="The OAuth clients could not be loaded" query={list} />;
  }
  return (
    <div className="grid gap-3">
      <Card>
        <ul className="divide-y divide-border-subtle">
          {list.data.providers.map((provider) => (
            <li key={provider.key} className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
              <p className="flex min-w-0 flex-1 basis-48 items-center gap-2 font-medium">
                <span className="truncate">{provider.name}</span>
                {provider.configured ? <Badge tone="success">Set up</Badge> : null}
              </p>
              {provider.configured ? (
                <Button
                  size="sm"
                  pending={connecting}
                  aria-label={`Connect ${provider.name}`}
                  onClick={() => connect({ provider: provider.key })}
                >
                  Connect
                </Button>
              ) : null}
              <Button
                size="sm"
                variant={provider.configured ? "ghost" : "secondary"}
                aria-label={`${provider.configured ? "Change" : "Set up"} ${provider.name}`}
                onClick={() => setEditing({ key: provider.key, name: provider.name })}
              >
                {provider.configured ? "Change" : "Set up"}
              </Button>
            </li>
          ))}
        </ul>
      </Card>
      <Button className="justify-self-start" onClick={() => setEditing("other")}>
        <Plus aria-hidden="true" />
        Another provider
      </Button>
      {editing ? <OAuthClientDialog provider={editing === "other" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </div>
  );
}
