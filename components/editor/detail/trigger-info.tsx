"use client";
import { CopyButton } from "@/components/ui/copy-button";
import type { GraphNode } from "@/flow/graph/schema";
import { useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";
import { PollInfo } from "./poll-info";
import { ScheduleInfo } from "./schedule-info";
import { WebhookInfo } from "./webhook-info";

/** Where a trigger is reached, and when it fires. */
export function TriggerInfo({ node }: { node: GraphNode }) {
  const { definitionOf } = useEditorEnvironment();
  const { triggers } = useFlow();
  const kind = definitionOf(node.type)?.trigger;
  if (kind === "event") return <EventInfo node={node} />;
  const trigger = triggers.find((each) => each.nodeId === node.id);
  if (kind === "poll") return <PollInfo node={node} trigger={trigger} />;
  if (kind !== "webhook" && kind !== "schedule" && kind !== "form" && kind !== "chat") return null;
  if (kind === "schedule") return <ScheduleInfo trigger={trigger} />;
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
