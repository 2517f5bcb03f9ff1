"use client";
import type { inferRouterOutputs } from "@trpc/server";
import { useMemo, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { ErrorNotice } from "@/components/ui/error-notice";
import { definitionOf } from "@/nodes/catalog";
import type { AppRouter } from "@/server/trpc/router";
import { FlowCanvas } from "./canvas/flow-canvas";
import { ShortcutsHelp } from "./canvas/shortcuts-help";
import { useShortcuts } from "./canvas/use-shortcuts";
import { NodeDetail } from "./detail/node-detail";
import { ExecutionHeader } from "./execution/execution-header";
import { Timeline } from "./execution/timeline";
import { RunProvider, useFeed } from "./live/run-context";
import { createStatusStore } from "./live/status-store";
import { useExecutionFeed } from "./live/use-execution";
import { EditorProvider } from "./state/editor-context";
import { createEditorStore } from "./state/editor-store";
import { FlowProvider } from "./state/flow-context";

type Frozen = inferRouterOutputs<AppRouter>["executions"]["graph"];

const nothing = () => undefined;

export function ExecutionRoom({ frozen }: { frozen: Frozen }) {
  const [{ store, statuses }] = useState(() => ({ store: createEditorStore(frozen.graph, definitionOf), statuses: createStatusStore() }));
  const environment = useMemo(() => ({ store, statuses, definitionOf, readOnly: true }), [store, statuses]);
  const flow = useMemo(
    () => ({ id: frozen.flowId, name: frozen.flowName, active: false, publishedVersion: frozen.flowVersion, triggers: [] }),
    [frozen],
  );
  const feed = useExecutionFeed(frozen.executionId, statuses);
  const run = useMemo(() => ({ executionId: frozen.executionId, feed }), [frozen.executionId, feed]);
  return (
    <EditorProvider value={environment}>
      <FlowProvider value={flow}>
        <RunProvider value={run}>
          <Room frozen={frozen} />
        </RunProvider>
      </FlowProvider>
    </EditorProvider>
  );
}

function Room({ frozen }: { frozen: Frozen }) {
  useShortcuts({ onRun: nothing, onTest: nothing, onNote: nothing });
  const error = useFeed((state) => (state.view === null ? state.error : null));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ExecutionHeader frozen={frozen} />
      {error ? <ErrorNotice className="m-4" title="The execution's state could not be loaded" message={errorMessage(error)} /> : null}
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        <FlowCanvas flowId={frozen.flowId} />
        <Timeline />
      </div>
      <NodeDetail />
      <ShortcutsHelp />
    </div>
  );
}
