"use client";
import { useQuery } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice";
import { DialogFooter } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { TextField } from "@/components/ui/text-field";
import type { ToolDefinition } from "@/flow/tools/schema";
import { OAuthClientDialog } from "./oauth-client-dialog";
import type { Credential } from "./types";
import { useConnect } from "./use-connect";

/** Connects an account at a provider that the organization has a client at: the tool's, or any. */
export function ConnectForm({
  tool,
  name: suggested,
  onCreated,
  onClose,
}: {
  /** With whether the organization has a client at its provider. */
  tool: (Pick<ToolDefinition, "key" | "name" | "auth"> & { hasClient: boolean }) | null;
  name: string | undefined;
  onCreated: (credential: Pick<Credential, "id" | "name">) => void;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const list = useQuery(trpc.oauth.providers.queryOptions());
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState(suggested ?? "");
  const all = list.data?.providers ?? [];
  const providers = all.filter(({ configured }) => configured);
  const ofTool = tool?.auth.type === "oauth2" ? (tool.auth.provider ?? tool.key) : tool?.key;
  const provider = ofTool ?? chosen ?? providers[0]?.key;
  const provided = all.find(({ key }) => key === provider);
  const account = `${tool?.name ?? provided?.name ?? "OAuth"} account`;
  const { connect, connecting } = useConnect((id) => {
    onCreated({ id, name: name.trim() || account });
    onClose();
  });
  if (list.isPending) return <Skeleton className="h-24 rounded-lg" />;
  if (list.isError) return <FieldError>{errorMessage(list.error)}</FieldError>;
  if (tool ? !tool.hasClient : providers.length === 0) return <NoClient provider={tool ? (provided ?? tool) : null} onClose={onClose} />;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (provider) connect({ provider: tool?.key ?? provider, ...(name.trim() && { name: name.trim() }) });
      }}
    >
      {tool ? null : (
        <ChoiceField
          label="Provider"
          value={provider ?? ""}
          options={providers.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={setChosen}
        />
      )}
      <TextField
        label="Name"
        hint="What people choose it by."
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder={account}
        maxLength={200}
      />
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={connecting}>
          <Plug aria-hidden="true" />
          Connect
        </Button>
      </DialogFooter>
    </form>
  );
}

/** Nobody can sign in before the organization is known to the provider. */
function NoClient({ provider, onClose }: { provider: { key: string; name: string } | null; onClose: () => void }) {
  const isAdmin = useCan("admin");
  const [editing, setEditing] = useState(false);
  return (
    <>
      <div className="grid justify-items-start gap-3 rounded-lg border border-border p-4 text-sm">
        <p>
          {`${provider ? `${provider.name} does not know` : "No provider knows"} this organization yet. `}
          {isAdmin
            ? "Register Tolstoy there once, and everybody can connect their accounts."
            : "An admin has to register Tolstoy there, under “OAuth clients”."}
        </p>
        {isAdmin ? <Button onClick={() => setEditing(true)}>{provider ? `Set up ${provider.name}` : "Set up a provider"}</Button> : null}
      </div>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
      </DialogFooter>
      {editing ? <OAuthClientDialog provider={provider} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
