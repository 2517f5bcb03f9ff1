"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { type Role, useCan } from "@/components/shell/session";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FieldError } from "@/components/ui/form-field";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import { CreateApiKey } from "./create-api-key";
import { roleLabel } from "./roles";
import { AdminsOnly, Section } from "./section";
import { SettingsList } from "./settings-list";

interface ApiKey {
  id: string;
  name: string;
  role: Role;
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
}

export function ApiKeysSettings() {
  const isAdmin = useCan("admin");
  return (
    <Section
      title="API keys"
      description="Programs sign in with these, in the name of this organization"
      actions={isAdmin ? <CreateApiKey /> : null}
    >
      {isAdmin ? <ApiKeyList /> : <AdminsOnly what="API keys act for the whole organization." />}
    </Section>
  );
}

function ApiKeyList() {
  const trpc = useTRPC();
  const list = useQuery(trpc.apiKeys.list.queryOptions(undefined, { select: ({ apiKeys }) => apiKeys }));
  return (
    <SettingsList
      query={list}
      what="The API keys"
      empty={
        <EmptyState icon={KeyRound} title="No API keys yet">
          With a key, a script can create and start flows and read what came of them:
          <code className="mt-3 block overflow-x-auto whitespace-nowrap rounded-md bg-subtle px-3 py-2 text-left font-mono text-xs">
            POST /api/v1/flows/:id/execute
          </code>
        </EmptyState>
      }
    >
      {(key) => <ApiKeyRow key={key.id} apiKey={key} />}
    </SettingsList>
  );
}

function ApiKeyRow({ apiKey }: { apiKey: ApiKey }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [revoking, setRevoking] = useState(false);
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSuccess: async () => {
        setRevoking(false);
        toast.success(`Revoked “${apiKey.name}”`);
        await queryClient.invalidateQueries(trpc.apiKeys.list.pathFilter());
      },
    }),
  );
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate">{apiKey.name}</span>
          <Badge>{roleLabel(apiKey.role)}</Badge>
        </p>
        <p className="flex flex-wrap gap-x-1.5 text-muted-foreground text-xs">
          <code className="font-mono">{apiKey.prefix}…</code>
          <span>
            · created <RelativeTime at={apiKey.createdAt} />
          </span>
          <span>
            ·{" "}
            {apiKey.lastUsedAt ? (
              <>
                last used <RelativeTime at={apiKey.lastUsedAt} />
              </>
            ) : (
              "never used"
            )}
          </span>
        </p>
      </div>
      <Button size="sm" aria-label={`Revoke ${apiKey.name}`} onClick={() => setRevoking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        open={revoking}
        onOpenChange={(open) => {
          setRevoking(open);
          if (open) revoke.reset();
        }}
        title={`Revoke “${apiKey.name}”?`}
        description="Whatever uses it is refused from its next call on. This cannot be undone."
        confirmLabel="Revoke"
        pending={revoke.isPending}
        error={revoke.isError ? <FieldError>{errorMessage(revoke.error)}</FieldError> : null}
        onConfirm={() => revoke.mutate({ id: apiKey.id })}
      />
    </li>
  );
}
