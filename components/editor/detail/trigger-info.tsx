"use client";
import { CopyButton } from "@/components/ui/copy-button";
import type { GraphNode } from "@/flow/graph/schema";
import { formatTime } from "../format";
import { useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";
import { PollInfo } from "./poll-info";
import { WebhookInfo } from "./webhook-info";

/** Where a trigger is reached, and when it fires. */
export function TriggerInfo({ node }: { node: GraphNode }) {
  const { definitionOf } = useEditorEnvironment();
  const { triggers, active, publishedVersion } = useFlow();
  const kind = definitionOf(node.type)?.trigger;
  if (kind === "event") return <EventInfo node={node} />;
  if (kind === "poll") return <PollInfo node={node} trigger={triggers.find((each) => each.nodeId === node.id)} />;
  if (kind !== "webhook" && kind !== "schedule" && kind !== "form" && kind !== "chat") return null;
  const trigger = triggers.find((each) => each.nodeId === node.id);
  const state = publishedVersion === null ? "once the flow is published" : active ? null : "once the flow is active";
  if (kind === "schedule") {
    return (
      <p className="rounded-lg border border-border bg-subtle p-3 text-sm">
        {trigger?.nextAt && trigger.active ? `Next run: ${formatTime(trigger.nextAt)}.` : `It fires ${state ?? "at its times"}.`}
      </p>
    );
  }
  return <WebhookInfo node={node} trigger={trigger} kind={kind} />;
}

/** How an event is announced: a call that can be copied. */
function EventInfo({ node: { parameters } }: { node: GraphNode }) {
  if (parameters.source === "flows") return null;
  const name = typeof parameters.name === "string" && parameters.name !== "" ? parameters.name.replaceAll("*", "created") : "order.created";
  const origin = typeof window === "undefined" ? "" : window.location.origin;
  const call = `curl -X POST ${origin}/api/v1/events -H "Authorization: Bearer $TOLSTOY_API_KEY" -H "Content-Type: application/json" -d '${JSON.stringify({ name, data: {} })}'`;
  return (
    <section aria-label="Announce the event" className="grid grid-cols-1 gap-2 rounded-lg border border-border bg-subtle p-3">
      <h4 className="font-medium text-sm">Announce it</h4>
      <div className="flex items-center gap-1">
        <code className="min-w-0 flex-1 truncate rounded bg-field px-2 py-1 text-xs">{call}</code>
        <CopyButton label="Copy the call" value={call} />
      </div>
    </section>
  );
}
