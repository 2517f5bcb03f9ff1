"use client";
import { ExternalLink } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Segmented } from "@/components/ui/segmented";
import type { GraphNode } from "@/flow/graph/schema";
import { useEditorEnvironment } from "../state/editor-context";
import { type FlowTrigger, useFlow } from "../state/flow-context";
import { TestEvents } from "./test-events";
import { WebhookSecret } from "./webhook-secret";

type Address = "production" | "test";

const ADDRESSES = [
  { value: "production", label: "Production" },
  { value: "test", label: "Test" },
] as const;

/** Whether calls are checked with a secret that both sides know. */
function usesSecret({ authentication, jwtAlgorithm }: GraphNode["parameters"]): boolean {
  if (authentication === "jwt") return String(jwtAlgorithm ?? "HS256").startsWith("HS");
  return authentication !== undefined && authentication !== "none";
}

const TITLES = { webhook: "Webhook URL", form: "Form page", chat: "Chat page" } as const;

/** The two addresses of a webhook, a form or a chat, its secret, and what came to the address for tests. */
export function WebhookInfo({ node, trigger, kind }: { node: GraphNode; trigger: FlowTrigger | undefined; kind: keyof typeof TITLES }) {
  const { readOnly } = useEditorEnvironment();
  const { active, publishedVersion } = useFlow();
  const [address, setAddress] = useState<Address>(publishedVersion === null ? "test" : "production");
  const url = address === "test" ? trigger?.testUrl : trigger?.url;
  const state =
    publishedVersion === null
      ? "It answers once the flow is published."
      : active
        ? null
        : kind === "webhook"
          ? "The flow is off: calls are kept under Executions, Arrivals, until you replay them."
          : "The flow is off: the page is not shown.";
  return (
    <section aria-label={TITLES[kind]} className="grid grid-cols-1 gap-2 rounded-lg border border-border bg-subtle p-3">
      <div className="flex items-center justify-between gap-2">
        <h4 className="font-medium text-sm">{TITLES[kind]}</h4>
        <Segmented label="Which URL" value={address} options={ADDRESSES} onChange={setAddress} className="bg-field" />
      </div>
      {url ? (
        <div className="flex items-center gap-1">
          <code className="min-w-0 flex-1 truncate rounded bg-field px-2 py-1 text-xs">{url}</code>
          <CopyButton label={kind === "webhook" ? "Copy the webhook URL" : "Copy its address"} value={url} />
          {kind === "webhook" ? null : (
            <Button asChild variant="ghost" size="icon">
              <a href={url} target="_blank" rel="noreferrer" aria-label="Open the page">
                <ExternalLink aria-hidden="true" />
              </a>
            </Button>
          )}
        </div>
      ) : (
        <p className="text-muted-foreground text-xs">It gets its address as soon as the draft is saved.</p>
      )}
      {address === "production" && state ? <p className="text-muted-foreground text-xs">{state}</p> : null}
      {trigger && usesSecret(node.parameters) ? <WebhookSecret triggerId={trigger.id} readOnly={readOnly} /> : null}
      {trigger && address === "test" ? <TestEvents triggerId={trigger.id} /> : null}
    </section>
  );
}
