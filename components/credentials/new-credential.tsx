"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { ErrorNotice } from "@/components/ui/error-notice";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { CREDENTIAL_FIELDS } from "@/flow/credentials/fields";
import { credentialKind } from "@/flow/credentials/kinds";
import type { ToolDefinition } from "@/flow/tools/schema";
import { ConnectForm } from "./connect-form";
import { CredentialForm } from "./credential-form";
import { ServiceHint } from "./service-hint";
import { KIND_HINTS, TOOL_HINTS } from "./service-hints";
import { type Purpose, useTools } from "./services";
import { type Credential, TYPE_HINTS, TYPE_LABELS } from "./types";
import { type Way, waysFor } from "./ways";

interface Props {
  name: string | undefined;
  onCreated: (credential: Pick<Credential, "id" | "name">) => void;
  onClose: () => void;
}

/** The values of a new credential, or the connection that it comes about by, for what it is for. */
export function NewCredential({ purpose, ...props }: Props & { purpose: Purpose }) {
  if ("toolKey" in purpose) return <ForTool toolKey={purpose.toolKey} {...props} />;
  const shared = { toolKey: undefined, onCreated: props.onCreated, onClose: props.onClose };
  if ("kind" in purpose) {
    const kind = credentialKind(purpose.kind);
    const hint = KIND_HINTS[purpose.kind];
    return (
      <>
        {hint ? <ServiceHint hint={hint} /> : null}
        <CredentialForm
          {...shared}
          way={{ type: "custom", fields: kind?.fields ?? [] }}
          kind={purpose.kind}
          name={props.name ?? kind?.name ?? ""}
        />
      </>
    );
  }
  const { type } = purpose;
  return (
    <>
      <ServiceHint hint={{ text: TYPE_HINTS[type] }} />
      {type === "oauth2" ? (
        <ConnectForm tool={null} {...props} />
      ) : (
        <CredentialForm
          {...shared}
          way={type === "custom" ? { type } : { type, fields: CREDENTIAL_FIELDS[type] }}
          kind={undefined}
          name={props.name ?? ""}
        />
      )}
    </>
  );
}

function ForTool({ toolKey, ...props }: Props & { toolKey: string }) {
  const trpc = useTRPC();
  const { own } = useTools();
  const mine = own.data?.find(({ key }) => key === toolKey);
  const ready = useQuery(trpc.tools.ready.queryOptions({ key: toolKey }, { enabled: own.isSuccess && !mine }));
  const providers = useQuery(trpc.oauth.providers.queryOptions());
  const tool = mine ?? ready.data;
  const failed = own.error ?? (mine ? null : ready.error) ?? providers.error;
  if (failed) {
    return (
      <ErrorNotice
        title="The service could not be loaded"
        message={errorMessage(failed)}
        onRetry={() => void Promise.all([own.refetch(), ready.refetch(), providers.refetch()])}
        retrying={own.isFetching || ready.isFetching || providers.isFetching}
      />
    );
  }
  if (!tool || !providers.data) return <Skeleton className="h-48 rounded-lg" />;
  const clients = providers.data.providers.filter(({ configured }) => configured).map(({ key }) => key);
  const id = "id" in tool ? tool.id : undefined;
  const client = tool.auth.type === "oauth2" ? [tool.auth.provider, toolKey, id].find((key) => key && clients.includes(key)) : undefined;
  return <Ways tool={tool} hasClient={client !== undefined} {...props} />;
}

type Tool = Pick<ToolDefinition, "key" | "name" | "auth" | "baseUrl">;

/** A key beats signing in where the organization has no client at the provider, if the service gives out keys. */
function usualWay(ways: readonly Way[], tool: Tool, hasClient: boolean): Way | undefined {
  const [first, second] = ways;
  return first?.type === "oauth2" && !hasClient && second && TOOL_HINTS[tool.key]?.labels ? second : first;
}

function Ways({ tool, hasClient, name, onCreated, onClose }: Props & { tool: Tool; hasClient: boolean }) {
  const ways = waysFor(tool);
  const [type, setType] = useState(usualWay(ways, tool, hasClient)?.type);
  const way = ways.find((each) => each.type === type);
  // It is about the values where the service gives out some, and about the account otherwise.
  const hint = TOOL_HINTS[tool.key];
  if (!way) return <p className="text-muted-foreground text-sm">{`${tool.name} is called without a credential.`}</p>;
  return (
    <>
      {ways.length > 1 ? (
        <Segmented
          label="How to sign in"
          className="justify-self-start"
          value={way.type}
          onChange={setType}
          options={ways.map((each) => ({
            value: each.type,
            label: each.type === "oauth2" ? "Sign in" : (hint?.labels?.token ?? TYPE_LABELS[each.type]),
          }))}
        />
      ) : null}
      {hint && (way.type === "oauth2") === !hint.labels ? <ServiceHint hint={hint} /> : null}
      {way.type === "oauth2" ? (
        <ConnectForm tool={{ ...tool, hasClient }} name={name} onCreated={onCreated} onClose={onClose} />
      ) : (
        <CredentialForm
          key={way.type}
          way={way}
          toolKey={tool.key}
          kind={undefined}
          name={name ?? tool.name}
          onCreated={onCreated}
          onClose={onClose}
        />
      )}
    </>
  );
}
