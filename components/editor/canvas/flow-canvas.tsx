"use client";
import "@xyflow/react/dist/style.css";
import "./canvas.css";
import {
  Background,
  BackgroundVariant,
  type Connection,
  type FinalConnectionState,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, useCallback, useMemo, useRef } from "react";
import { useShallow } from "zustand/react/shallow";
import { useTheme } from "@/components/providers/theme";
import { toast } from "@/components/ui/toast";
import type { JsonObject } from "@/flow/item";
import { isNote } from "../notes/note";
import { NoteCard } from "../notes/note-card";
import { NODE_DRAG_TYPE, PRESET_DRAG_TYPE } from "../palette/node-palette";
import { type CanvasEdge, type CanvasNode, nodeOf, portsOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { addNode, newEdge } from "../state/edits";
import { CanvasControls } from "./canvas-controls";
import { connectionProblem, type WantedConnection } from "./connection-rules";
import { FlowEdge } from "./flow-edge";
import { NODE_MIN_HEIGHT, NODE_WIDTH } from "./geometry";
import { NodeCard } from "./node-card";
import { recallViewport, rememberViewport } from "./viewport-memory";

// Their identity must never change, or the canvas is built anew.
const nodeTypes = { step: NodeCard, note: NoteCard };
const edgeTypes = { wire: FlowEdge };
const fitOptions = { padding: 0.18, maxZoom: 1 };
/** From here on only what is on the screen is drawn. */
const LARGE = 200;

const wanted = (connection: Connection | CanvasEdge): WantedConnection => ({
  source: connection.source,
  sourceHandle: connection.sourceHandle ?? "main",
  target: connection.target,
  targetHandle: connection.targetHandle ?? "main",
});

/** The drawing: nodes, connections and everything that a pointer does with them. */
export function FlowCanvas({ flowId }: { flowId: string }) {
  const { store, definitionOf, readOnly } = useEditorEnvironment();
  const { resolvedTheme } = useTheme();
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const region = useRef<HTMLElement>(null);
  const { nodes, edges, onNodesChange, onEdgesChange, openNode } = useEditor(
    useShallow(({ nodes, edges, onNodesChange, onEdgesChange, openNode }) => ({ nodes, edges, onNodesChange, onEdgesChange, openNode })),
  );
  // A frozen graph opens fitted: it belongs to one execution, not to where the editor was. An empty one must not be fitted to
  // the first node that is dropped on it.
  const viewport = useMemo(() => {
    if (store.getState().graph.nodes.length === 0) return { x: 0, y: 0, zoom: 1 };
    return readOnly ? null : recallViewport(flowId);
  }, [store, flowId, readOnly]);

  const isValidConnection = useCallback(
    (connection: Connection | CanvasEdge) => connectionProblem(store.getState().graph, wanted(connection), definitionOf) === null,
    [store, definitionOf],
  );

  const connect = useCallback(
    (connection: Connection) => {
      const { source, sourceHandle, target, targetHandle } = wanted(connection);
      store.getState().apply({ type: "connect", edges: [newEdge(source, sourceHandle, target, targetHandle)] });
    },
    [store],
  );

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || !state.fromNode || !state.fromHandle) return;
      const side = state.fromHandle.type === "source" ? ("after" as const) : ("before" as const);
      const handle = state.fromHandle.id ?? "main";
      const from = state.fromNode.id;
      const pointer = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!pointer) return;
      // Over a card but not its port: the first port that fits is meant.
      const over = (event.target as Element | null)?.closest?.("[data-id]")?.getAttribute("data-id") ?? state.toNode?.id;
      const graph = store.getState().graph;
      const other = over ? nodeOf(graph, over) : undefined;
      // A note lies under everything: what is dropped on it is dropped on the ground.
      if (other && !isNote(other)) {
        const ports = portsOf(other, definitionOf);
        const choices: WantedConnection[] =
          side === "after"
            ? ports.inputs.map((port) => ({ source: from, sourceHandle: handle, target: other.id, targetHandle: port.name }))
            : ports.outputs.map((port) => ({ source: other.id, sourceHandle: port.name, target: from, targetHandle: handle }));
        const fitting = choices.find((choice) => connectionProblem(graph, choice, definitionOf) === null);
        if (fitting) connect({ ...fitting });
        else if (other.id !== from) {
          const first = choices[0];
          toast.error("These cannot be connected", {
            description: first ? (connectionProblem(graph, first, definitionOf) ?? undefined) : `"${other.name}" has no port on this side`,
          });
        }
        return;
      }
      const at = flow.screenToFlowPosition({ x: pointer.clientX, y: pointer.clientY });
      const position = { x: side === "after" ? at.x : at.x - NODE_WIDTH, y: at.y - NODE_MIN_HEIGHT / 2 };
      store.getState().openPicker({ kind: "attach", attachment: { nodeId: from, handle, side }, position });
    },
    [store, definitionOf, flow, connect],
  );

  const keepPositions = useCallback(
    (_: unknown, __: unknown, moved: CanvasNode[]) => {
      const { graph, apply } = store.getState();
      const positions = moved.flatMap((node) => {
        const before = nodeOf(graph, node.id)?.position;
        return before && (before.x !== node.position.x || before.y !== node.position.y) ? [[node.id, node.position] as const] : [];
      });
      if (positions.length > 0) apply({ type: "moveNodes", positions: Object.fromEntries(positions) });
    },
    [store],
  );

  const onDrop = (event: DragEvent) => {
    const known = definitionOf(event.dataTransfer.getData(NODE_DRAG_TYPE));
    if (!known) return;
    const preset = event.dataTransfer.getData(PRESET_DRAG_TYPE);
    const definition = preset === "" ? known : { ...known, ...(JSON.parse(preset) as { name: string; preset: JsonObject }) };
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const { graph, apply } = store.getState();
    const { operation, node } = addNode(graph, definition, { x: at.x - NODE_WIDTH / 2, y: at.y - NODE_MIN_HEIGHT / 2 });
    apply(operation, { select: [node.id] });
    region.current?.focus({ preventScroll: true });
  };

  return (
    <section
      ref={region}
      aria-label="Canvas"
      data-canvas=""
      // Takes the focus after a click on empty ground, so that plain-letter shortcuts are heard; Tab does not stop here.
      tabIndex={-1}
      className="relative min-h-0 min-w-0 flex-1 bg-canvas outline-none"
      onDragOver={(event) => {
        if (readOnly || !event.dataTransfer.types.includes(NODE_DRAG_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={readOnly ? undefined : onDrop}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={resolvedTheme}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnect={connect}
        onConnectEnd={readOnly ? undefined : onConnectEnd}
        isValidConnection={isValidConnection}
        onNodeDragStop={keepPositions}
        onSelectionDragStop={(event, moved) => keepPositions(event, null, moved)}
        onNodeDoubleClick={(_, node) => openNode(node.id)}
        // Nothing else can be done with a node of a frozen graph.
        onNodeClick={readOnly ? (_, node) => openNode(node.id) : undefined}
        onPaneClick={() => region.current?.focus({ preventScroll: true })}
        onMoveEnd={(_, current) => {
          if (!readOnly) rememberViewport(flowId, current);
        }}
        {...(viewport ? { defaultViewport: viewport } : { fitView: true, fitViewOptions: fitOptions })}
        minZoom={0.08}
        maxZoom={2}
        snapToGrid
        snapGrid={[8, 8]}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesFocusable={!readOnly}
        // The card itself takes the focus and the keys.
        nodesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        panOnScroll
        selectionOnDrag={!readOnly}
        selectionMode={SelectionMode.Partial}
        panOnDrag={readOnly ? true : [1, 2]}
        multiSelectionKeyCode={["Meta", "Control", "Shift"]}
        connectionRadius={28}
        onlyRenderVisibleElements={nodes.length >= LARGE}
        attributionPosition="bottom-right"
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--canvas-dot)" />
        <CanvasControls />
        {nodes.length > 3 ? (
          <MiniMap
            pannable
            zoomable
            ariaLabel="Overview of the flow"
            nodeBorderRadius={12}
            nodeColor={(node) => (node.type === "note" ? "color-mix(in oklab, var(--edge) 25%, transparent)" : "var(--edge)")}
            style={{ width: 168, height: 108 }}
            className="!mb-6 max-sm:hidden"
          />
        ) : null}
      </ReactFlow>
    </section>
  );
}
