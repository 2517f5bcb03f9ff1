"use client";
import { Button } from "@/components/ui/button";
import { withoutBackticks } from "@/components/ui/inline-code";
import { Kbd } from "@/components/ui/kbd";
import type { AnyNodeDefinition } from "@/flow/node/define-node";
import { NodeIcon } from "../node-icon";
import { useEditor } from "../state/editor-context";

/** Those that most flows start with; the others are a search away. */
const FIRST_TRIGGERS: ReadonlySet<string> = new Set([
  "manual-trigger",
  "webhook-trigger",
  "schedule-trigger",
  "form-trigger",
  "chat-trigger",
  "imap-trigger",
]);

/** How to begin: every flow starts with a trigger. */
export function EmptyCanvas({
  definitions,
  onAdd,
}: {
  definitions: readonly AnyNodeDefinition[];
  onAdd: (definition: AnyNodeDefinition) => void;
}) {
  const isEmpty = useEditor((state) => state.graph.nodes.length === 0);
  const openPicker = useEditor((state) => state.openPicker);
  if (!isEmpty) return null;
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center p-6">
      <section aria-label="Start the flow" className="pointer-events-auto grid max-w-md gap-4 text-center">
        <div>
          <h2 className="font-semibold text-base">What starts this flow?</h2>
          <p className="mt-1 text-muted-foreground text-sm">Choose a trigger, then add nodes and connect them.</p>
        </div>
        <div className="flex flex-wrap justify-center gap-2">
          {definitions
            .filter(({ type }) => FIRST_TRIGGERS.has(type))
            .map((definition) => (
              <button
                key={definition.type}
                type="button"
                aria-label={`Start with ${definition.name}`}
                title={withoutBackticks(definition.description)}
                onClick={() => onAdd(definition)}
                className="grid w-32 cursor-pointer justify-items-center gap-2 rounded-xl border border-border bg-raised p-4 shadow-xs outline-none hover:border-ring focus-visible:ring-2 focus-visible:ring-ring"
              >
                <NodeIcon definition={definition} className="size-10" />
                <span className="font-medium text-sm">{definition.name}</span>
              </button>
            ))}
        </div>
        <p className="text-muted-foreground text-xs">
          Or press <Kbd>N</Kbd> for{" "}
          <Button variant="link" className="h-auto p-0 text-xs" onClick={() => openPicker({ kind: "place", position: null })}>
            all triggers and nodes
          </Button>
          , or paste a flow.
        </p>
      </section>
    </div>
  );
}
