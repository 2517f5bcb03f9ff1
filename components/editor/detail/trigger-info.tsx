"use client";
import { CopyButton } from "@/components/ui/copy-button";
import type { GraphNode } from "@/flow/graph/schema";
import { formatTime } from "../format";
import { useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";

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
  return (
    <section aria-label="Webhook URL" className="grid grid-cols-1 gap-1.5 rounded-lg border border-border bg-subtle p-3">
      <h4 className="font-medium text-sm">Webhook URL</h4>
      {trigger?.url ? (
        <div className="flex items-center gap-1">
          <code className="min-w-0 flex-1 truncate rounded bg-field px-2 py-1 text-xs">{trigger.url}</code>
          <CopyButton label="Copy the webhook URL" value={trigger.url} />
        </div>
      ) : (
        <p className="text-muted-foreground text-xs">It gets its address as soon as the draft is saved.</p>
      )}
      {state ? <p className="text-muted-foreground text-xs">{`It answers ${state}.`}</p> : null}
    </section>
  );
}
