"use client";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import type { Graph } from "@/flow/graph/schema";
import { SaveIndicator } from "../autosave/save-indicator";
import type { AutosaveHandle } from "../autosave/use-autosave";
import { useEditorEnvironment } from "../state/editor-context";
import { type FlowInfo, useFlow } from "../state/flow-context";
import { ActiveSwitch } from "./active-switch";
import { FlowMenu } from "./flow-menu";
import { FlowName } from "./flow-name";
import type { Refusal } from "./problems-dialog";
import { PublishButton } from "./publish-button";
import { RunButton } from "./run-button";
import type { RunFlow } from "./use-run-flow";

/** Name, state and the flow's main acts. */
export function TopBar({
  handle,
  runFlow,
  changed,
  onFlow,
  onRefused,
}: {
  handle: AutosaveHandle;
  runFlow: RunFlow;
  changed: boolean;
  onFlow: (change: Partial<FlowInfo> & { published?: Graph }) => void;
  onRefused: (refusal: Refusal) => void;
}) {
  const { readOnly } = useEditorEnvironment();
  const flow = useFlow();
  return (
    // On a narrow screen the name has a line of its own: beside the acts, nothing of it would be seen.
    <header className="flex min-h-12 shrink-0 items-center gap-3 border-border border-b bg-background px-3 max-sm:flex-wrap max-sm:gap-y-1 max-sm:py-1.5">
      <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-0.5 overflow-hidden p-0.5 max-sm:w-full">
        <Link
          href="/flows"
          className="rounded px-1 text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring max-sm:hidden"
        >
          Flows
        </Link>
        <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 text-placeholder max-sm:hidden" />
        <FlowName flowId={flow.id} name={flow.name} readOnly={readOnly} onRenamed={(name) => onFlow({ name })} />
      </nav>
      {flow.publishedVersion === null ? (
        <Badge className="max-md:hidden">Draft</Badge>
      ) : (
        <Badge className="max-md:hidden">{`v${flow.publishedVersion}`}</Badge>
      )}
      {readOnly ? <Badge>View only</Badge> : <SaveIndicator state={handle.state} />}
      <div className="flex-1" />
      <nav aria-label="Flow" className="flex rounded-lg bg-subtle p-0.5 text-sm max-md:hidden">
        <span aria-current="page" className="rounded-md bg-raised px-2.5 py-0.5 font-medium shadow-xs">
          Editor
        </span>
        <Link
          href={`/executions?flow=${encodeURIComponent(flow.id)}`}
          className="rounded-md px-2.5 py-0.5 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
        >
          Executions
        </Link>
      </nav>
      <div className="flex-1" />
      {readOnly ? null : (
        <>
          <ActiveSwitch
            flowId={flow.id}
            active={flow.active}
            published={flow.publishedVersion !== null}
            onActive={(active) => onFlow({ active })}
          />
          <FlowMenu />
          <PublishButton
            flowId={flow.id}
            autosave={handle.autosave}
            changed={changed}
            onPublished={({ version, active, triggers, graph }) =>
              onFlow({ publishedVersion: version, active, triggers, published: graph })
            }
            onRefused={onRefused}
          />
          <RunButton runFlow={runFlow} />
        </>
      )}
    </header>
  );
}
