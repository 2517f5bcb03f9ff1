"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import type { AppRouter } from "@/server/trpc/router";
import { SecretInput } from "./field-inputs";
import { hostsOf } from "./types";

type Config = inferRouterOutputs<AppRouter>["oauth"]["config"];

/** Sets up or changes the organization's client at a provider; without one, at any that is given its addresses. */
export function OAuthClientDialog({ provider, onClose }: { provider: { key: string; name: string } | null; onClose: () => void }) {
  const trpc = useTRPC();
  const known = useQuery(trpc.oauth.providers.queryOptions());
  const configured = known.data?.providers.find(({ key }) => key === provider?.key)?.configured ?? false;
  const config = useQuery(trpc.oauth.config.queryOptions({ toolId: provider?.key ?? "" }, { enabled: configured, staleTime: 0 }));
  const redirectUri = known.data?.providers[0]?.redirectUri ?? "";
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="max-w-lg">
        <DialogHeader>
          <DialogTitle>{provider ? `OAuth client for ${provider.name}` : "Another OAuth provider"}</DialogTitle>
          <DialogDescription>Register Tolstoy at the provider with this redirect address, then enter what it gave you.</DialogDescription>
        </DialogHeader>
        {configured && config.isPending ? (
          <Skeleton className="h-40 rounded-lg" />
        ) : (
          <ClientForm
            provider={provider}
            before={config.data ?? null}
            redirectUri={config.data?.config.redirectUri ?? redirectUri}
            onClose={onClose}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}

function ClientForm({
  provider,
  before,
  redirectUri,
  onClose,
}: {
  provider: { key: string; name: string } | null;
  before: Config | null;
  redirectUri: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const endpoints = before?.config.endpoints ?? {};
  const [form, setForm] = useState({
    key: provider?.key ?? "",
    clientId: before?.config.clientId ?? "",
    clientSecret: "",
    scope: before?.config.scope ?? "",
    issuer: endpoints.issuer ?? "",
    hosts: endpoints.hosts?.join("\n") ?? "",
  });
  const finish = (message: string) => {
    toast.success(message);
    void queryClient.invalidateQueries(trpc.oauth.pathFilter());
    onClose();
  };
  const save = useMutation(trpc.oauth.setConfig.mutationOptions({ onSuccess: () => finish("Saved the OAuth client") }));
  const remove = useMutation(trpc.oauth.deleteConfig.mutationOptions({ onSuccess: () => finish("Removed the OAuth client") }));
  const errors = fieldErrors(save.error);
  const isOther = provider === null || endpoints.issuer !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const hosts = hostsOf(form.hosts);
    save.mutate({
      toolId: form.key,
      config: {
        clientId: form.clientId,
        ...(form.clientSecret !== "" && { clientSecret: form.clientSecret }),
        scope: form.scope,
        ...(before?.config.redirectUri && { redirectUri: before.config.redirectUri }),
        endpoints: { ...endpoints, ...(form.issuer.trim() && { issuer: form.issuer.trim() }), ...(hosts.length > 0 && { hosts }) },
      },
    });
  };
  const bind = (name: keyof typeof form) => ({
    value: form[name],
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  });
  const failed = save.error ?? remove.error;
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <TextField
        label="Redirect address"
        aside={<CopyButton value={redirectUri} label="Copy the redirect address" size="icon-sm" />}
        readOnly
        value={redirectUri}
        className="font-mono text-xs"
      />
      {provider === null ? (
        <TextField
          label="Key"
          hint="A short name, such as shop-login."
          error={errors.toolId ?? null}
          {...bind("key")}
          placeholder="shop-login"
        />
      ) : null}
      {isOther ? (
        <>
          <TextField
            label="Issuer"
            hint="It publishes its endpoints there."
            error={errors["config.endpoints.issuer"] ?? null}
            {...bind("issuer")}
            placeholder="https://login.example.com"
          />
          <TextField
            label="Hosts"
            hint="Where its tokens may be sent, separated by spaces."
            error={errors["config.endpoints.hosts[0]"] ?? null}
            {...bind("hosts")}
            placeholder="api.example.com"
          />
        </>
      ) : null}
      <TextField label="Client id" error={errors["config.clientId"] ?? null} {...bind("clientId")} />
      <FormField
        label="Client secret"
        hint={before?.config.clientSecret ? `Now ${before.config.clientSecret}. Leave empty to keep it.` : undefined}
        error={errors["config.clientSecret"] ?? null}
      >
        {(control) => <SecretInput {...control} {...bind("clientSecret")} autoComplete="new-password" />}
      </FormField>
      <TextField label="Scopes (optional)" hint="Separated by spaces. Without any, those that most flows need." {...bind("scope")} />
      {failed ? <FieldError>{errorMessage(failed)}</FieldError> : null}
      <DialogFooter>
        {before ? (
          <Button variant="ghost" className="sm:mr-auto" pending={remove.isPending} onClick={() => remove.mutate({ toolId: form.key })}>
            Remove
          </Button>
        ) : null}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={save.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}
