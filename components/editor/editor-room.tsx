"use client";
import type { inferRouterOutputs } from "@trpc/server";
import { useCallback, useMemo, useState } from "react";
import { useStore } from "zustand";
import { useCan } from "@/components/shell/session";
import { catalog, definitionOf } from "@/nodes/catalog";
import type { AppRouter } from "@/server/trpc/router";
import { ConflictDialog } from "./autosave/conflict-dialog";
import { readStoredDraft } from "./autosave/local-copy";
import { sameGraph } from "./autosave/same-graph";
import { useAutosave } from "./autosave/use-autosave";
import { useFreshDraft } from "./autosave/use-fresh-draft";
import { EmptyCanvas } from "./canvas/empty-canvas";
import { FlowCanvas } from "./canvas/flow-canvas";
import { ShortcutsHelp } from "./canvas/shortcuts-help";
import { useAddNode } from "./canvas/use-add-node";
import { useShortcuts } from "./canvas/use-shortcuts";
import { NodeDetail } from "./detail/node-detail";
import { RunStatus } from "./execution/run-status";
import { RunProvider } from "./live/run-context";
import { createStatusStore } from "./live/status-store";
import { useExecutionFeed } from "./live/use-execution";
import { useLastExecution } from "./live/use-last-execution";
import { NOTE_TYPE } from "./notes/note";
import { NodePalette } from "./palette/node-palette";
import { NodePicker } from "./palette/node-picker";
import { EditorProvider, useEditorEnvironment } from "./state/editor-context";
import { createEditorStore } from "./state/editor-store";
import { type FlowInfo, FlowProvider, useFlow } from "./state/flow-context";
import { ProblemsDialog, type Refusal } from "./top-bar/problems-dialog";
import { RunActionsProvider } from "./top-bar/run-actions";
import { TopBar } from "./top-bar/top-bar";
import { useRunFlow } from "./top-bar/use-run-flow";

type Flow = inferRouterOutputs<AppRouter>["flows"]["get"];

/** The open flow with everything that lives as long as it is open. */
export function EditorRoom({ flow, nodeId }: { flow: Flow; nodeId?: string }) {
  const readOnly = !useCan("editor");
  const [opened] = useState(() => {
    const kept = readOnly ? null : readStoredDraft(localStorage, flow.id);
    const restored = kept !== null && !sameGraph(kept.graph, flow.graph);
    const draft = restored ? kept : { graph: flow.graph, revision: flow.revision };
    const store = createEditorStore(draft.graph, definitionOf);
    if (nodeId !== undefined && draft.graph.nodes.some(({ id }) => id === nodeId)) store.getState().openNode(nodeId);
    return { store, revision: draft.revision, restored, statuses: createStatusStore() };
  });
  const { store, statuses, restored, revision } = opened;
  const [info, setInfo] = useState<FlowInfo>(() => ({
    id: flow.id,
    name: flow.name,
    active: flow.active,
    publishedVersion: flow.publishedVersion,
    triggers: flow.triggers,
  }));
  /** The published graph as far as it is known here: null until the draft was once equal to it. */
  const [published, setPublished] = useState(() => (flow.hasUnpublishedChanges ? null : flow.graph));
  const changed = useStore(store, ({ graph }) => published === null || !sameGraph(graph, published));
  const onTriggers = useCallback((triggers: FlowInfo["triggers"]) => setInfo((known) => ({ ...known, triggers })), []);
  const handle = useAutosave({ flowId: flow.id, store, revision, restored, enabled: !readOnly, onTriggers });

  const environment = useMemo(() => ({ store, statuses, definitionOf, readOnly }), [store, statuses, readOnly]);
  const [executionId, setExecutionId] = useLastExecution(flow.id);
  const feed = useExecutionFeed(executionId, statuses);
  const run = useMemo(() => ({ executionId, feed }), [executionId, feed]);

  return (
    <EditorProvider value={environment}>
      <FlowProvider value={info}>
        <RunProvider value={run}>
          <Workbench
            handle={handle}
            changed={changed}
            onFlow={({ published: next, ...change }) => {
              setInfo((known) => ({ ...known, ...change }));
              if (next) setPublished(next);
            }}
            onExecution={setExecutionId}
          />
        </RunProvider>
      </FlowProvider>
    </EditorProvider>
  );
}

function Workbench({
  handle,
  changed,
  onFlow,
  onExecution,
}: {
  handle: ReturnType<typeof useAutosave>;
  changed: boolean;
  onFlow: Parameters<typeof TopBar>[0]["onFlow"];
  onExecution: (executionId: string | null) => void;
}) {
  const { readOnly } = useEditorEnvironment();
  const { id: flow } = useFlow();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const runFlow = useRunFlow({ flowId: flow, autosave: handle.autosave, onStarted: onExecution, onRefused: setRefusal });
  const addNode = useAddNode();
  const onNote = useCallback(() => {
    const definition = definitionOf(NOTE_TYPE);
    if (definition) addNode(definition);
  }, [addNode]);
  useShortcuts({ onRun: runFlow.run, onTest: runFlow.testStep, onNote });
  useFreshDraft(flow, handle.autosave, !readOnly);

  return (
    <RunActionsProvider value={readOnly ? null : runFlow}>
      <div className="flex h-full min-h-0 flex-col">
        <TopBar handle={handle} runFlow={runFlow} changed={changed} onFlow={onFlow} onRefused={setRefusal} />
        <div className="flex min-h-0 flex-1">
          {readOnly ? null : <NodePalette definitions={catalog} onAdd={(definition) => addNode(definition)} />}
          <div className="relative flex min-w-0 flex-1">
            <FlowCanvas flowId={flow} />
            {readOnly ? null : <EmptyCanvas definitions={catalog} onAdd={(definition) => addNode(definition)} />}
            <RunStatus onClear={() => onExecution(null)} onRetried={onExecution} />
          </div>
        </div>
        <NodePicker definitions={catalog} onPick={addNode} />
        <NodeDetail />
        <ShortcutsHelp />
        <ProblemsDialog refusal={refusal} onClose={() => setRefusal(null)} />
        <ConflictDialog flowId={flow} handle={handle} />
      </div>
    </RunActionsProvider>
  );
}
