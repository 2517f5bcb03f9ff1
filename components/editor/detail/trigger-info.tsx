"use client";
import type { GraphNode } from "@/flow/graph/schema";
import { formatTime } from "../format";
import { useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";
import { WebhookInfo } from "./webhook-info";

/** Where a trigger is reached, and when it fires. */
export function TriggerInfo({ node }: { node: GraphNode }) {
  const { definitionOf } = useEditorEnvironment();
  const { triggers, active, publishedVersion } = useFlow();
  const kind = definitionOf(node.type)?.trigger;
  if (kind !== "webhook" && kind !== "schedule") return null;
  const trigger = triggers.find((each) => each.nodeId === node.id);
  const state = publishedVersion === null ? "once the flow is published" : active ? null : "once the flow is active";
  if (kind === "schedule") {
    return (
      <p className="rounded-lg border border-border bg-subtle p-3 text-sm">
        {trigger?.nextAt && trigger.active ? `Next run: ${formatTime(trigger.nextAt)}.` : `It fires ${state ?? "at its times"}.`}
      </p>
    );
  }
  return <WebhookInfo node={node} trigger={trigger} />;
}
